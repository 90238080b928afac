import type { RevertPlanResult, RevertRequest } from '../../client';
import { oneLine } from '../../contract/text';
import { formatSpan } from './format-span';

/** What a revert loses, for the person who has to confirm it. */
export const lossOfRevert = (
  { vmName, vmId, snapshotName, snapshotId, snapshotCreatedAt }: RevertPlanResult,
  { restorePower }: Pick<RevertRequest, 'restorePower'>,
  now: Date,
): string => {
  const age = formatSpan(now.getTime() - Date.parse(snapshotCreatedAt));
  const power = restorePower === true ? 'gets its power state back' : 'is powered off afterwards';
  return oneLine(
    `${vmName} (${vmId}) goes back to ${snapshotName} (${snapshotId}) of ${snapshotCreatedAt}, ${age} ago: what was written to it since is lost, and it ${power}. Revert it?`,
  );
};
