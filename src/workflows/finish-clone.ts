import { ActivityFailure } from '@temporalio/common';
import type { PreparedLinkedClone } from '../contract/activities';
import type { LinkedCloneRequest } from '../contract/request';
import type { LinkedCloneResult, Warning } from '../contract/result';
import { reading } from './activity-calls';
import { undoClone } from './undo-clone';
import type { Obtained } from './obtain-clone';
import type { RunTrace } from './run-trace';
import type { Status } from './status';
import type { Stop } from './stop';

/** Verify and the requested last steps. The end of verify is the point of no return for a cancel (E13). */
export async function finishClone(
  request: LinkedCloneRequest,
  prepared: PreparedLinkedClone,
  { vmId, taskId, warnings }: Obtained,
  { status, stop, trace }: { status: Status; stop: Stop; trace: RunTrace },
): Promise<LinkedCloneResult> {
  status.set('verify', `clone \`${vmId}\``);
  const verified = await reading(`read the new machine ${vmId}`).verifyLinkedClone({
    connection: prepared.connection,
    sourceVmId: prepared.vmId,
    vmId,
    name: prepared.name,
  });
  trace.saw(verified.runId);
  if (stop.requested()) {
    if (request.onCancel !== 'keep') await undoClone(prepared, vmId, status);
    stop.end();
  }
  if (request.powerOn === true) await powerOn(request, prepared, vmId, status);
  status.set('finish', `clone \`${vmId}\` is ready`);
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
  status.set('finish', `powering \`${vmId}\` on`);
  try {
    await reading(`power ${prepared.name} on`).setPower({
      connection: prepared.connection,
      vmId,
      power: 'on',
    });
  } catch (error) {
    if (error instanceof ActivityFailure && request.onFailure !== 'keep')
      await undoClone(prepared, vmId, status);
    throw error instanceof ActivityFailure ? (error.cause ?? error) : error;
  }
}
