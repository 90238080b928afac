import type { LookInput } from '../contract/activities';
import type { Look } from '../contract/evidence';
import type { CallOptions } from '../vsphere';
import { reading } from './in-activity';
import { lookForClone, lookForRevert } from './look';
import { recentHolders } from './recent-holders';
import type { Site } from './site';

/** See `Activities.lookForEffect`. */
export const lookForEffect = (site: Site, input: LookInput): Promise<Look> =>
  reading(input.depth === 'first' ? 'before-start' : 'after-effect', (options) =>
    input.operation === 'clone'
      ? lookForClone(site, input, input.depth, options)
      : lookForRevertAfterSettling(site, input, options),
  );

async function lookForRevertAfterSettling(
  site: Site,
  input: Extract<LookInput, { operation: 'revert' }>,
  options: CallOptions,
): Promise<Look> {
  if (input.depth !== 'first') return lookForRevert(site, input, options);
  const holders = await recentHolders(input.exclusion, site.settings);
  return { ...(await lookForRevert(site, input, options)), ...holders };
}
