import { ActivityFailure } from '@temporalio/common';
import { CancellationScope, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { CloneTarget, PreparedLinkedClone, Exclusion } from '../contract/activities';
import { omitUndefined } from '../contract/omit-undefined';
import {
  cloneNameLockId,
  DEFAULT_CONNECTION,
  MEMO,
  type LinkedCloneRequest,
  type LinkedCloneResult,
  type PowerState,
  type Warning,
  type LinkedCloneInput,
} from '../contract/operations';
import { markdownCode } from '../contract/text';
import { checkOptions, inTurn, patiently, starting } from './activity-calls';
import { firstEvidence } from './evidence';
import { acquireExclusion, outwaited, releaseAfterReset } from './exclusion';
import type { Asker } from './growth';
import { obtainEffect, type Effect } from './obtain-effect';
import { toApplicationFailure } from './refusals';
import { assertNotUndone, PreStartSteps } from './reset';
import { runOperation, type RunContext } from './run';
import { startSteps, type StartSteps } from './start-steps';
import type { Status } from './status';
import { checking } from './status-texts';
import { keptByOperator, undoing } from './undo';
import { usedObjects } from './used-objects';

/** Where a clone's effect shows, and where its undo deletes. */
function cloneTarget(prepared: PreparedLinkedClone): CloneTarget {
  const { connection, siteId, clusterId, vmId, name, folderId } = prepared;
  return { connection, clusterId, vmId, name, folderId, ...omitUndefined({ siteId }) };
}

/** Deletes the clone by id, once its task has ended (E6, E7). What cannot be deleted is kept and named. */
async function undoClone(prepared: PreparedLinkedClone, cloneId: string, context: Asker): Promise<void> {
  const shown = {
    what: `undoing: deleting the clone ${markdownCode(prepared.name)} (${markdownCode(cloneId)}), by its id`,
    next: 'a machine that is on, renamed or moved is kept and named in the failure',
    stuck: 'the last error is under Pending Activities. It cannot be interrupted',
  };
  context.status.set('compensate', shown, 'compensating');
  const deleted = await undoing(`delete the clone ${cloneId}`, context, {
    candidates: [cloneId],
    call: (a) => a.deleteClone({ ...cloneTarget(prepared), cloneId }),
  });
  const why = 'keptBecause' in deleted ? keptByOperator(deleted) : deleted.kind === 'kept' && deleted.why;
  if (why === false) return;
  throw toApplicationFailure({
    type: 'CompensationIncomplete',
    message: `The clone ${prepared.name} (${cloneId}) was not deleted: ${why}.`,
    details: { vmId: cloneId, name: prepared.name },
  });
}

/** Verify and the requested last steps. The end of verify is the point of no return for a cancel (E13). */
async function finishClone(
  request: LinkedCloneRequest,
  prepared: PreparedLinkedClone,
  { vmId = '', taskId, warnings, verified: atEnd }: Effect,
  context: RunContext,
): Promise<LinkedCloneResult> {
  const { status, stop, trace } = context;
  const { connection, siteId, vmId: sourceVmId, name, folderId } = prepared;
  status.set('verify', {
    what: `the task has ended: reading the new machine ${markdownCode(vmId)} by its id`,
    next: 'checked that it is there, and not the source; then it is the result',
  });
  const verified =
    atEnd?.clone ??
    (await patiently(`read the new machine ${vmId}`, status, (a) =>
      a.verifyLinkedClone({ connection, sourceVmId, vmId, name, folderId, ...omitUndefined({ siteId }) }),
    ));
  trace.record(verified.runId);
  if (stop.requested()) {
    if (request.onCancel === 'keep') stop.end(`the clone ${name} (${vmId}) was kept`);
    await undoClone(prepared, vmId, context);
    stop.end(`the clone ${name} (${vmId}) was deleted`);
  }
  await assertNotUndone(`the clone ${name} (${vmId})`, taskId, context);
  // A result that is the source is no new machine. A warning says so.
  const powered =
    request.powerOn === true && vmId !== sourceVmId
      ? await powerOn(request, prepared, vmId, context)
      : verified.powerState;
  const all: readonly Warning[] = [...prepared.warnings, ...warnings, ...unsaid(verified.warnings, warnings)];
  return {
    vmId,
    name: verified.name,
    ...omitUndefined({ taskId }),
    source: { id: sourceVmId, name: prepared.vmName },
    ...usedObjects(prepared),
    folder: { id: folderId, ...omitUndefined({ name: prepared.folderName }) },
    ...omitUndefined({ powerState: powered }),
    ...(all.length === 0 ? {} : { warnings: all }),
  };
}

/** A duplicate that the start has seen is not said twice. */
const unsaid = (warnings: readonly Warning[], said: readonly Warning[]): readonly Warning[] =>
  said.some(({ type }) => type === 'DuplicateSuspected')
    ? warnings.filter(({ type }) => type !== 'DuplicateSuspected')
    : warnings;

/** The one requested step after a clone whose failure undoes it (`onFailure`, E13). */
async function powerOn(
  request: LinkedCloneRequest,
  prepared: PreparedLinkedClone,
  vmId: string,
  context: Asker,
): Promise<PowerState> {
  const { connection, name } = prepared;
  const { status } = context;
  status.set('finish', { what: `powering the clone ${markdownCode(vmId)} on`, next: 'it is the result' });
  try {
    const set = await patiently(`power ${name} on`, status, (a) =>
      a.setPower({ connection, vmId, power: 'on', target: { operation: 'clone', ...cloneTarget(prepared) } }),
    );
    return set.powerState;
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const isKept = request.onFailure === 'keep';
    if (!isKept) await undoClone(prepared, vmId, context);
    throw toApplicationFailure({
      type: 'PowerOnFailed',
      message: `The clone ${name} (${vmId}) was ${isKept ? 'kept' : 'deleted'}: ${error.cause?.message ?? error.message}`,
      details: { vmId, name, kept: isKept },
    });
  }
}

/**
 * Wire name `linkedCloneVm`: a linked clone, durably. Phases: exclusion, prepare, start, wait, verify, finish. From the
 * first post on nothing interrupts it. A cancel or deadline is remembered and acts where the outcome is known.
 */
export const linkedCloneVm = (input: LinkedCloneInput): Promise<LinkedCloneResult> =>
  runOperation('clone', input, ['vm', 'snapshot', 'name'], async (context) => {
    const beforeStart = new PreStartSteps(context.status);
    const exclusion = await beforeStart.run(() => nameLock(input.request, context.status));
    return releaseAfterReset(exclusion, context.trace, async () => {
      const prepared = await beforeStart.run(() => prepare(input, exclusion, context.status));
      context.trace.record(prepared.baseline.runId);
      publishName(input, prepared);
      return CancellationScope.nonCancellable(async () => {
        const evidence = evidenceBefore(prepared, input);
        const obtained = await obtainEffect(evidence, cloneSteps(prepared, exclusion, context), context);
        return finishClone(input.request, prepared, obtained, context);
      });
    });
  });

/** None for an own name: no other request has it. */
async function nameLock(request: LinkedCloneRequest, status: Status): Promise<Exclusion | undefined> {
  const { connection = DEFAULT_CONNECTION, name, uniqueName, whenBusy = 'wait' } = request;
  if (uniqueName === true) return undefined;
  const wanted = { lockId: cloneNameLockId(connection, name), reserved: `the name ${name}` };
  return (await acquireExclusion(wanted, whenBusy, status)).exclusion;
}

/** Whoever attaches reads the real name there. A caller that made the nonce has put it there at the start. */
function publishName({ request }: LinkedCloneInput, { name }: PreparedLinkedClone): void {
  if (request.uniqueName === true && workflowInfo().memo?.[MEMO.name] !== name)
    upsertMemo({ [MEMO.name]: name });
}

/** Read-only. Where the name's previous holder was terminated, its task and its last call are waited out first. */
async function prepare(
  input: LinkedCloneInput,
  exclusion: Exclusion | undefined,
  status: Status,
): Promise<PreparedLinkedClone> {
  const { connection, vm, snapshot, name } = input.request;
  const { originalExecutionRunId: originalRunId } = workflowInfo();
  let siteId: string | undefined;
  for (;;) {
    const summary = `check ${vm} @ ${snapshot}, the name ${name}, placement and privileges`;
    status.set(
      'prepare',
      checking(`${markdownCode(vm)} @ ${markdownCode(snapshot)} and the name ${markdownCode(name)}`, status),
    );
    const asked = { input, originalRunId, ...omitUndefined({ exclusion, siteId }) };
    const prepared = await inTurn(connection, checkOptions(summary), (a) => a.prepareLinkedClone(asked));
    if (!(await outwaited(prepared, prepared, status))) return prepared;
    siteId = prepared.siteId;
  }
}

const evidenceBefore = (
  { name, vmId, user, baseline, settings }: PreparedLinkedClone,
  { request: { uniqueName }, again }: LinkedCloneInput,
) =>
  firstEvidence(
    {
      operation: 'clone',
      called: name,
      vmId,
      user,
      baseline,
      maxUnknowns: settings.maxUnknowns,
      ...(uniqueName === true ? { hasOwnName: true } : {}),
    },
    again !== undefined,
  );

function cloneSteps(
  prepared: PreparedLinkedClone,
  exclusion: Exclusion | undefined,
  { status, growth, trace }: RunContext,
): StartSteps {
  const { connection, siteId, name, vmName, snapshotName, snapshotId, placement, settings } = prepared;
  const target = cloneTarget(prepared);
  return startSteps({
    connection,
    ...omitUndefined({ siteId }),
    called: `clone ${name}`,
    settings,
    ...omitUndefined({ exclusion }),
    status,
    growth,
    trace,
    target: { operation: 'clone', ...target },
    verifyAtEnd: () => ({ operation: 'clone', sourceVmId: prepared.vmId, name, folderId: prepared.folderId }),
    start: (guards, _seen, isFirst) =>
      starting(`start the clone task: ${vmName} @ ${snapshotName} -> ${name}`, {
        operation: 'clone',
        connection,
        startToCloseMs: settings.startToCloseMs,
        isFirst,
      }).startLinkedClone({
        ...target,
        ...guards,
        snapshotId,
        placement,
      }),
  });
}
