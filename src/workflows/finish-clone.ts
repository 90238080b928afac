import { ActivityFailure } from '@temporalio/common';
import type { PreparedLinkedClone } from '../contract/activities';
import type { LinkedCloneRequest } from '../contract/request';
import type { LinkedCloneResult, Warning } from '../contract/result';
import { patiently } from './activity-calls';
import type { Obtained } from './decide';
import { toApplicationFailure } from './fail';
import type { RunContext } from './run-context';
import type { Status } from './status';
import { undoClone } from './undo-clone';
import { markdown } from './markdown';

/** Verify and the requested last steps. The end of verify is the point of no return for a cancel (E13). */
export async function finishClone(
  request: LinkedCloneRequest,
  prepared: PreparedLinkedClone,
  { vmId = '', taskId, warnings }: Obtained,
  { status, stop, trace }: RunContext,
): Promise<LinkedCloneResult> {
  const { connection, vmId: sourceVmId, name } = prepared;
  status.set('verify', markdown`clone \`${vmId}\``);
  const verified = await patiently(`read the new machine ${vmId}`, status, (a) =>
    a.verifyLinkedClone({ connection, sourceVmId, vmId, name }),
  );
  trace.saw(verified.runId);
  if (stop.requested()) {
    if (request.onCancel === 'keep') stop.end(`the clone ${name} (${vmId}) was kept`);
    await undoClone(prepared, vmId, status);
    stop.end(`the clone ${name} (${vmId}) was deleted`);
  }
  if (request.powerOn === true) await powerOn(request, prepared, vmId, status);
  status.set('finish', markdown`clone \`${vmId}\` is ready`);
  const all: readonly Warning[] = [...prepared.warnings, ...warnings, ...verified.warnings];
  return {
    vmId,
    name: verified.name,
    ...(taskId === undefined ? {} : { taskId }),
    ...(all.length === 0 ? {} : { warnings: all }),
  };
}

/** The one requested step after a clone whose failure undoes it (`onFailure`, E13). */
async function powerOn(
  request: LinkedCloneRequest,
  prepared: PreparedLinkedClone,
  vmId: string,
  status: Status,
): Promise<void> {
  const { connection, name } = prepared;
  status.set('finish', markdown`powering \`${vmId}\` on`);
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
