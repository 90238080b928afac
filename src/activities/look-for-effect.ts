import type { LookInput } from '../contract/activities';
import type { Look } from '../contract/evidence';
import type { CallOptions } from '../vsphere';
import { reading } from './in-activity';
import { lookForClone, lookForRevert } from './look';
import { settleMsAfterTermination } from './settle-after-termination';
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
  const settleMs =
    input.depth === 'first' ? await settleMsAfterTermination(input.exclusion, site.settings) : undefined;
  const look = await lookForRevert(site, input, options);
  return settleMs === undefined ? look : { ...look, settleMs };
}
