import type { Exclusion, PreparedRevert } from '../contract/activities';
import { inlineCode } from '../contract/inline-code';
import type { RevertRequest } from '../contract/request';
import type { RevertResult, Warning } from '../contract/result';
import { patiently } from './activity-calls';
import { assertNotUndone } from './not-undone';
import type { Effect } from './obtain-effect';
import { restorePower } from './restore-power';
import { revertTarget } from './revert-target';
import type { RunContext } from './run-context';
import { undoRevert } from './undo-revert';

/** A revert that has happened. */
export interface Reverted {
  readonly obtained: Effect;
  readonly exclusion: Exclusion;
}

/** Verify and the power state. The end of verify is the point of no return for a cancel (E13). */
export async function finishRevert(
  request: RevertRequest,
  prepared: PreparedRevert,
  reverted: Reverted,
  context: RunContext,
): Promise<RevertResult> {
  const { status, stop, trace } = context;
  const { obtained } = reverted;
  const { baseline } = obtained;
  const { vmName } = prepared;
  status.set('verify', {
    what: `the task has ended: reading ${inlineCode(vmName)} and the undo snapshot that the service took before`,
    next: 'that snapshot and the power state become the result',
  });
  const verified = await patiently(`read ${vmName} after its revert`, status, (a) =>
    a.verifyRevert({
      ...revertTarget(prepared),
      vmName,
      systemSnapshotsBefore: baseline.systemSnapshots ?? [],
    }),
  );
  trace.saw(verified.runId);
  if (stop.requested()) {
    if (request.onCancel === 'keep') stop.end(`the revert of ${vmName} was kept`);
    if (verified.isGone) stop.end(`${vmName} was reverted and is not there any more`);
    await undoRevert(prepared, reverted, verified.undoSnapshotId, context);
    stop.end(`the revert of ${vmName} was undone`);
  }
  await assertNotUndone(`the revert of ${vmName}`, obtained.taskId, context);
  const power =
    request.restorePower === true
      ? await restorePower(prepared, baseline.powerState, verified.powerState, status)
      : { powerState: verified.powerState, warnings: [] };
  const all: readonly Warning[] = [
    ...prepared.warnings,
    ...obtained.warnings,
    ...verified.warnings,
    ...power.warnings,
  ];
  return {
    ...(obtained.taskId === undefined ? {} : { taskId: obtained.taskId }),
    ...(verified.undoSnapshotId === undefined ? {} : { undoSnapshotId: verified.undoSnapshotId }),
    powerState: power.powerState,
    ...(all.length === 0 ? {} : { warnings: all }),
  };
}
