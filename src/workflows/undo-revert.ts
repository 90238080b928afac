import { ApplicationFailure } from '@temporalio/common';
import type { PreparedRevert } from '../contract/activities';
import type { Look } from '../contract/evidence';
import { patiently } from './activity-calls';
import { firstEvidence } from './earlier-runs';
import { toApplicationFailure } from './fail';
import type { Reverted } from './finish-revert';
import { obtainEffect } from './obtain-effect';
import { restorePower } from './restore-power';
import { revertSteps } from './revert-steps';
import { revertTarget } from './revert-target';
import type { RunContext } from './run-context';
import type { Stop } from './stop';
import { markdown } from './markdown';

/**
 * Undoes a revert by a revert to the snapshot that the service took before it: the same loop under the same lock, with a
 * baseline of its own that begins after the first task's end. Only where nothing else can have happened to the machine.
 */
export async function undoRevert(
  prepared: PreparedRevert,
  { obtained, exclusion }: Reverted,
  undoSnapshotId: string | undefined,
  { status, operator, trace }: RunContext,
): Promise<void> {
  const { vmId, vmName, user, settings } = prepared;
  const { baseline } = obtained;
  status.set('compensate', markdown`undoing the revert of ${vmName}`, 'compensating');
  const now = await patiently(`read ${vmName} before its revert is undone`, status, (a) =>
    a.lookForEffect({ operation: 'revert', depth: 'after-unknown', exclusion, ...revertTarget(prepared) }),
  );
  const why = reasonNotToUndo(now, baseline, { undoSnapshotId, ours: obtained.taskId });
  if (why !== undefined || undoSnapshotId === undefined)
    throw incomplete(prepared, undoSnapshotId, why ?? '');
  const about = {
    operation: 'revert',
    called: vmName,
    vmId,
    user,
    baseline: now,
    maxUnknowns: settings.maxUnknowns,
  } as const;
  const steps = revertSteps(prepared, { purpose: 'undo', exclusion, undoSnapshotId }, { status, trace });
  try {
    await obtainEffect(firstEvidence(about, false), steps, { status, operator, stop: never() });
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    throw incomplete(prepared, undoSnapshotId, error.message);
  }
  const { warnings } = await restorePower(prepared, baseline.powerState, 'POWERED_OFF', status);
  if (warnings[0] !== undefined) throw incomplete(prepared, undoSnapshotId, warnings[0].message);
}

/** A cancel does not interrupt a compensation. */
const never = (): Stop => ({
  requested: () => false,
  raised: new Promise(() => undefined),
  end: () => {
    throw new Error('unreachable: a compensation is never stopped');
  },
});

/** Whoever started the machine, reverted it or runs something on it since wants it as it is now. */
function reasonNotToUndo(
  now: Look,
  before: Look,
  {
    undoSnapshotId,
    ours,
  }: { readonly undoSnapshotId: string | undefined; readonly ours: string | undefined },
): string | undefined {
  if (undoSnapshotId === undefined) return 'the snapshot from before it cannot be told';
  if (now.powerState !== 'POWERED_OFF') return `the machine is ${now.powerState} again`;
  const isNew = (snapshotId: string) => !(before.systemSnapshots ?? []).includes(snapshotId);
  const taken = (now.systemSnapshots ?? []).filter(isNew);
  if (taken.length !== 1 || taken[0] !== undoSnapshotId)
    return `${taken.length} snapshots were taken by the service since`;
  const known = new Set([ours, ...before.tasks.map(({ taskId }) => taskId)]);
  const foreign = now.tasks.find(({ taskId }) => !known.has(taskId));
  return foreign === undefined ? undefined : `task ${foreign.taskId} followed it`;
}

const incomplete = ({ vmName, vmId }: PreparedRevert, undoSnapshotId: string | undefined, why: string) =>
  toApplicationFailure({
    type: 'CompensationIncomplete',
    message: `The revert of ${vmName} (${vmId}) was not undone: ${why}; its state from before is snapshot ${undoSnapshotId ?? '(unknown)'}.`,
    details: { vmId, ...(undoSnapshotId === undefined ? {} : { undoSnapshotId }) },
  });
