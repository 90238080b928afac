import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import type { PreparedRevert, Exclusion } from '../contract/activities';
import type { Look } from '../contract/evidence';
import { omitUndefined } from '../contract/omit-undefined';
import type { PowerState, Warning, RevertRequest, RevertResult } from '../contract/operations';
import { markdownCode } from '../contract/text';
import { patiently } from './activity-calls';
import { firstEvidence } from './evidence';
import { obtainEffect, type Effect } from './obtain-effect';
import { toApplicationFailure } from './refusals';
import { assertNotUndone } from './reset';
import { revertSteps, revertTarget } from './revert-steps';
import type { RunContext, Stop } from './run';
import type { Status } from './status';
import { keptByOperator, undoing } from './undo';
import { usedObjects } from './used-objects';

/** Brings the power state back after a successful revert. What cannot be restored is a warning: the revert has happened. */
async function restorePower(
  prepared: PreparedRevert,
  before: PowerState | undefined,
  now: PowerState,
  exclusion: Exclusion,
  status: Status,
): Promise<{ readonly powerState: PowerState; readonly warnings: readonly Warning[] }> {
  const { connection, vmId, vmName } = prepared;
  if (before === undefined || before === 'POWERED_OFF' || now === before)
    return { powerState: now, warnings: [] };
  if (before === 'SUSPENDED')
    return { powerState: now, warnings: [notRestored(vmName, vmId, 'it was suspended before')] };
  status.set('finish', {
    what: `the revert is done: powering ${markdownCode(vmName)} on again`,
    next: 'what cannot be restored is a warning in the result; the revert has happened',
  });
  try {
    const set = await patiently(`power ${vmName} on again`, status, (a) =>
      a.setPower({
        connection,
        vmId,
        power: 'on',
        target: { operation: 'revert', ...revertTarget(prepared) },
        exclusion,
      }),
    );
    return { powerState: set.powerState, warnings: [] };
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return { powerState: now, warnings: [notRestored(vmName, vmId, error.cause?.message ?? error.message)] };
  }
}

const notRestored = (vmName: string, vmId: string, why: string): Warning => ({
  type: 'PowerNotRestored',
  message: `${vmName} (${vmId}) was reverted, and its power state was not restored: ${why}`,
});

/**
 * Undoes a revert by a revert to the snapshot that the service took before it: the same loop under the same lock, with a
 * baseline of its own that begins after the first task's end. Only where nothing else can have happened to the machine.
 */
async function undoRevert(
  prepared: PreparedRevert,
  { obtained, exclusion }: Reverted,
  undoSnapshotId: string | undefined,
  context: RunContext,
): Promise<void> {
  const { status } = context;
  const { vmId, vmName, settings } = prepared;
  const { baseline, user } = obtained;
  const shown = {
    what: `undoing the revert of ${markdownCode(vmName)}, by a revert to the snapshot from before it`,
    facts: [['Undo snapshot', markdownCode(undoSnapshotId ?? '(unknown)')]],
    next: 'where anything else has happened to the machine, it is left as it is and named in the failure',
    stuck: 'the last error is under Pending Activities. It cannot be interrupted',
  } as const;
  status.set('compensate', shown, 'compensating');
  const now = await undoing(`read ${vmName} before its revert is undone`, context, {
    candidates: [vmId],
    call: (a) =>
      a.lookForEffect({ operation: 'revert', depth: 'after-unknown', exclusion, ...revertTarget(prepared) }),
  });
  if ('keptBecause' in now) throw incomplete(prepared, undoSnapshotId, keptByOperator(now));
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
    ifStale: 'refuse',
  } as const;
  const steps = revertSteps(prepared, { purpose: 'undo', exclusion, undoSnapshotId }, context);
  try {
    await obtainEffect(firstEvidence(about, false), steps, { ...context, stop: never() });
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    throw incomplete(prepared, undoSnapshotId, error.message);
  }
  const { warnings } = await restorePower(prepared, baseline.powerState, 'POWERED_OFF', exclusion, status);
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
  if (now.inconclusive !== undefined) return now.inconclusive;
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
    message: `The revert of ${vmName} (${vmId}) was not undone: ${why.replace(/\.$/, '')}; its state from before is snapshot ${undoSnapshotId ?? '(unknown)'}.`,
    details: { vmId, ...omitUndefined({ undoSnapshotId }) },
  });

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
    what: `the task has ended: reading ${markdownCode(vmName)} and the undo snapshot that the service took before`,
    next: 'that snapshot and the power state become the result',
  });
  const verified =
    obtained.verified?.revert ??
    (await patiently(`read ${vmName} after its revert`, status, (a) =>
      a.verifyRevert({
        ...revertTarget(prepared),
        vmName,
        systemSnapshotsBefore: baseline.systemSnapshots ?? [],
      }),
    ));
  trace.record(verified.runId);
  if (stop.requested()) {
    if (request.onCancel === 'keep') stop.end(`the revert of ${vmName} was kept`);
    if (verified.isGone) stop.end(`${vmName} was reverted and is not there any more`);
    await undoRevert(prepared, reverted, verified.undoSnapshotId, context);
    stop.end(`the revert of ${vmName} was undone`);
  }
  await assertNotUndone(`the revert of ${vmName}`, obtained.taskId, context);
  const power =
    request.restorePower === true
      ? await restorePower(prepared, baseline.powerState, verified.powerState, reverted.exclusion, status)
      : { powerState: verified.powerState, warnings: [] };
  const all: readonly Warning[] = [
    ...prepared.warnings,
    ...obtained.warnings,
    ...verified.warnings,
    ...power.warnings,
  ];
  return {
    ...omitUndefined({ taskId: obtained.taskId, undoSnapshotId: verified.undoSnapshotId }),
    powerState: power.powerState,
    vm: { id: prepared.vmId, name: vmName },
    ...usedObjects(prepared),
    ...(all.length === 0 ? {} : { warnings: all }),
  };
}
