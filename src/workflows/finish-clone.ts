import { ActivityFailure } from '@temporalio/common';
import type { PreparedLinkedClone } from '../contract/activities';
import { inlineCode } from '../contract/inline-code';
import type { LinkedCloneRequest } from '../contract/request';
import type { LinkedCloneResult, Warning } from '../contract/result';
import { patiently } from './activity-calls';
import type { Obtained } from './decide';
import { toApplicationFailure } from './fail';
import { assertNotUndone } from './not-undone';
import type { RunContext } from './run-context';
import type { Status } from './status';
import { undoClone } from './undo-clone';

/** Verify and the requested last steps. The end of verify is the point of no return for a cancel (E13). */
export async function finishClone(
  request: LinkedCloneRequest,
  prepared: PreparedLinkedClone,
  { vmId = '', taskId, warnings }: Obtained,
  context: RunContext,
): Promise<LinkedCloneResult> {
  const { status, stop, trace } = context;
  const { connection, vmId: sourceVmId, name, folderId } = prepared;
  status.set('verify', {
    what: `the task has ended: reading the new machine ${inlineCode(vmId)} by its id`,
    next: 'checked that it is there, and not the source; then it is the result',
  });
  const verified = await patiently(`read the new machine ${vmId}`, status, (a) =>
    a.verifyLinkedClone({ connection, sourceVmId, vmId, name, folderId }),
  );
  trace.saw(verified.runId);
  if (stop.requested()) {
    if (request.onCancel === 'keep') stop.end(`the clone ${name} (${vmId}) was kept`);
    await undoClone(prepared, vmId, status);
    stop.end(`the clone ${name} (${vmId}) was deleted`);
  }
  await assertNotUndone(`the clone ${name} (${vmId})`, taskId, context);
  // A result that is the source (a warning says so) is nobody's new machine.
  if (request.powerOn === true && vmId !== sourceVmId) await powerOn(request, prepared, vmId, status);
  const all: readonly Warning[] = [...prepared.warnings, ...warnings, ...unsaid(verified.warnings, warnings)];
  return {
    vmId,
    name: verified.name,
    ...(taskId === undefined ? {} : { taskId }),
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
  status: Status,
): Promise<void> {
  const { connection, name } = prepared;
  status.set('finish', { what: `powering the clone ${inlineCode(vmId)} on`, next: 'it is the result' });
  try {
    await patiently(`power ${name} on`, status, (a) => a.setPower({ connection, vmId, power: 'on' }));
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const isKept = request.onFailure === 'keep';
    if (!isKept) await undoClone(prepared, vmId, status);
    throw toApplicationFailure({
      type: 'PowerOnFailed',
      message: `The clone ${name} (${vmId}) was ${isKept ? 'kept' : 'deleted'}: ${error.cause?.message ?? error.message}`,
      details: { vmId, name, kept: isKept },
    });
  }
}
