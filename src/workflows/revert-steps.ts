import type {
  MachineSeen,
  PreparedRevert,
  RevertTarget,
  Exclusion,
  VerifyAtEnd,
} from '../contract/activities';
import type { Look } from '../contract/evidence';
import { omitUndefined } from '../contract/omit-undefined';
import { starting } from './activity-calls';
import type { RunContext } from './run';
import { startSteps, type StartSteps } from './start-steps';
import { UNDO_BUDGET_MS } from './undo';

/** The machine that a revert changes, and where its effect shows. */
export const revertTarget = ({ connection, siteId, clusterId, vmId }: PreparedRevert): RevertTarget => ({
  connection,
  clusterId,
  vmId,
  ...omitUndefined({ siteId }),
});

/** The loop's steps for a revert, or for the revert that undoes one. */
export function revertSteps(
  prepared: PreparedRevert,
  { purpose, exclusion, undoSnapshotId }: RevertPurpose,
  { status, growth, trace }: Pick<RunContext, 'status' | 'growth' | 'trace'>,
): StartSteps {
  const { connection, siteId, vmName, snapshotName, settings } = prepared;
  const target = revertTarget(prepared);
  const called = purpose === 'effect' ? `revert ${vmName}` : `undo of the revert of ${vmName}`;
  return startSteps({
    connection,
    ...omitUndefined({ siteId }),
    called,
    settings,
    exclusion,
    status,
    growth,
    trace,
    ...(purpose === 'undo' ? { undoBudgetMs: UNDO_BUDGET_MS } : {}),
    target: { operation: 'revert', ...target },
    ...(purpose === 'effect' ? { verifyAtEnd: verifyAtEnd(prepared) } : {}),
    start: (guards, seen, isFirst) =>
      starting(`start the task: ${called} @ ${undoSnapshotId ?? snapshotName}`, {
        operation: 'revert',
        connection,
        startToCloseMs: settings.startToCloseMs,
        // What is wanted no more is undone before more of it is made.
        isFirst: isFirst || UNDO_FIRST[purpose],
      }).startRevert({
        ...target,
        ...guards,
        purpose,
        snapshotId: undoSnapshotId ?? prepared.snapshotId,
        seen: machineSeen(seen),
      }),
  });
}

const UNDO_FIRST: Readonly<Record<RevertPurpose['purpose'], boolean>> = { effect: false, undo: true };

const verifyAtEnd =
  ({ clusterId, vmId, vmName }: PreparedRevert) =>
  ({ systemSnapshots = [] }: Look): VerifyAtEnd => ({
    operation: 'revert',
    clusterId,
    vmId,
    vmName,
    systemSnapshotsBefore: systemSnapshots,
  });

const machineSeen = ({ tasks, systemSnapshots = [], powerState }: Look): MachineSeen => ({
  tasks: tasks.map(({ taskId }) => taskId),
  systemSnapshots,
  ...omitUndefined({ powerState }),
});

export type RevertPurpose = { readonly exclusion: Exclusion } & (
  | { readonly purpose: 'effect'; readonly undoSnapshotId?: undefined }
  /** Back to the snapshot that the service took before the revert that is undone. */
  | { readonly purpose: 'undo'; readonly undoSnapshotId: string }
);
