import { Context } from '@temporalio/activity';
import type { LookDepth, LookInput } from '../contract/activities';
import type { Look } from '../contract/evidence';
import type { CallOptions } from '../vsphere';
import { ownRunId, reading } from './in-activity';
import { lookForClone, lookForRevert } from './look';
import { settleMsAfterTermination } from './settle-after-termination';
import type { Site } from './site';

/** See `Activities.lookForEffect`. */
export const lookForEffect = (site: Site, input: LookInput): Promise<Look> =>
  reading(input.depth === 'first' ? 'before-start' : 'after-effect', async (options) => {
    await quarantineAfterReset(input);
    return input.operation === 'clone'
      ? lookForClone(site, input, input.depth, options)
      : lookForRevertAfterSettling(site, input, options);
  });

/** Told by run ids, not by clocks: a run that a reset made pays the quarantine in every such look (E11). */
async function quarantineAfterReset(input: LookDepth): Promise<void> {
  if (input.depth === 'first' || ownRunId() === input.originalRunId) return;
  await Context.current().sleep(input.quarantineMs);
}

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
