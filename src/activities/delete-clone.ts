import type {
  CloneTarget,
  DeleteCloneInput,
  LookTarget,
  DeletedClone,
  PreparedLinkedClone,
  SetPowerInput,
} from '../contract/activities';
import type { DeletionInput } from '../contract/inspect';
import { omitUndefined } from '../contract/omit-undefined';
import {
  cloneNameLockId,
  OPERATIONS,
  requestWorkflowId,
  type LinkedCloneResult,
  type PowerState,
} from '../contract/operations';
import { sameName } from '../contract/spelling';
import { VsphereError, type CallOptions, type VsphereErrorKind } from '../vsphere';
import { isThere, notAllowed, outsideNow, type AboutToTouch } from './checks';
import { claimedBy, claimsOfOthers } from './claims';
import type { Connection } from './connection';
import { ownWorkflowId, reading } from './context';
import { failWith } from './errors';
import { isHeld } from './exclusion';
import { decoded, doneActivities, describeRun, historyOf, type History } from './history';

/**
 * Deletes a clone by id (E7): never a machine that is powered on, renamed or moved. The calls before the delete read, and
 * a repeated delete finds it gone, so an attempt that was lost is simply repeated.
 */
export const deleteClone = (connection: Connection, input: DeleteCloneInput): Promise<DeletedClone> =>
  reading('after-effect', async (options) => {
    const why = await reasonToKeep(connection, input, options);
    if (why === 'gone') return { kind: 'already-gone' };
    if (why !== undefined) return { kind: 'kept', why };
    const claimed = await claimedByAnother(input, input.cloneId);
    if (claimed !== undefined) return { kind: 'kept', why: claimed };
    const outside = await outsideNow(connection, withoutSource(input), options);
    if (outside.length > 0) return { kind: 'kept', why: notAllowed(connection, outside).replace(/\.$/, '') };
    return goneIsFine(async () => {
      await connection.vsphere.vcenter.deleteVm(input.cloneId, options);
      return { kind: 'deleted' };
    });
  });

/** Of a clone alone: its source is not touched, and may be gone. */
const withoutSource = ({ clusterId, name, folderId }: CloneTarget): AboutToTouch => ({
  clusterId,
  name,
  folderId,
});

/** Why a machine is not the clone of the request that would delete it or power it on. */
async function claimedByAnother(
  { connection, name, ofRequest }: Pick<DeleteCloneInput, 'connection' | 'name' | 'ofRequest'>,
  vmId: string,
): Promise<string | undefined> {
  const lockId = cloneNameLockId(connection, name);
  const claims =
    ofRequest === undefined
      ? await claimsOfOthers(lockId, ownWorkflowId())
      : await claimsOfOthers(lockId, ofRequest, 'ever');
  return claimedBy(vmId, claims);
}

async function reasonToKeep(
  connection: Connection,
  input: DeleteCloneInput,
  options: CallOptions,
): Promise<string | undefined> {
  if (input.cloneId === input.vmId) return 'it is the source';
  const [byId] = await connection.vsphere.vcenter.listVms({ vms: [input.cloneId] }, options);
  if (byId === undefined) {
    return (await isThere(connection, input.cloneId, options))
      ? 'it is there, but in no list that this account may read'
      : 'gone';
  }
  if (byId.name === undefined) return 'its name cannot be read';
  if (!sameName(byId.name, input.name)) return `it was renamed to ${byId.name}`;
  if (byId.powerState === undefined) return 'whether it is powered on cannot be read';
  if (byId.powerState !== 'POWERED_OFF') return `it is ${byId.powerState}`;
  const { cloneId, folderId, clusterId } = input;
  const where = { folders: [folderId], clusters: [clusterId] };
  const here = await connection.vsphere.vcenter.listVms({ vms: [cloneId], ...where }, options);
  const isHere = here.some(
    ({ vmId, name }) => vmId === cloneId && name !== undefined && sameName(name, input.name),
  );
  return isHere ? undefined : 'it was moved to another folder or cluster';
}

async function goneIsFine(body: () => Promise<DeletedClone>): Promise<DeletedClone> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof VsphereError && error.kind === 'not-found') return { kind: 'already-gone' };
    throw error;
  }
}

/**
 * The machine that a finished clone made, as its history records it: which one it is comes from the run's result, where
 * it belongs from its `prepare`. Nothing that a caller says is believed (E7).
 */
export async function recallMadeClone({
  requestId,
  connection,
  vmId,
}: DeletionInput): Promise<DeleteCloneInput> {
  const workflowId = requestWorkflowId(connection, requestId);
  const run = await describeRun(workflowId);
  if (run?.type !== OPERATIONS.clone.workflow || run.status.name !== 'COMPLETED')
    refuse(workflowId, 'it is no clone that succeeded');
  const history = await historyOf(workflowId, run.runId);
  if (history === undefined) return refuse(workflowId, 'its history is not kept any more');
  const prepared = await preparedIn(workflowId, history);
  const made = await resultOf(workflowId, history);
  if (prepared === undefined || made?.vmId !== vmId)
    refuse(workflowId, `its machine is ${made?.vmId ?? 'not recorded'}, not ${vmId}`);
  const { clusterId, vmId: sourceId, name, folderId, siteId } = prepared;
  const target = { connection, clusterId, vmId: sourceId, name, folderId, ...omitUndefined({ siteId }) };
  return { ...target, cloneId: made.vmId, ofRequest: workflowId };
}

const preparedIn = async (workflowId: string, history: History): Promise<PreparedLinkedClone | undefined> =>
  (await doneActivities(workflowId, history))
    .filter(({ type }) => type === 'prepareLinkedClone')
    .map(({ result }) => result as PreparedLinkedClone | undefined)
    .findLast((result) => result !== undefined);

async function resultOf(workflowId: string, { events }: History): Promise<LinkedCloneResult | undefined> {
  const { result } = events?.at(-1)?.workflowExecutionCompletedEventAttributes ?? {};
  return (await decoded(result?.payloads, workflowId)) as LinkedCloneResult | undefined;
}

function refuse(workflowId: string, why: string): never {
  failWith('RequestInvalid', `Nothing of ${workflowId} is deleted: ${why}.`);
}

/** What no repetition mends: the server understood and said no. */
const REFUSALS: readonly VsphereErrorKind[] = ['invalid-argument', 'not-allowed', 'forbidden', 'not-found'];

/** Powers a machine on. Harmless when repeated, and so retried as a read is: already on is fine. */
export const setPower = (
  connection: Connection,
  { vmId, target, exclusion }: SetPowerInput,
): Promise<{ powerState: PowerState }> =>
  reading('after-effect', async (options) => {
    if (exclusion !== undefined && !(await isHeld(exclusion)))
      failWith(
        'PowerOnFailed',
        `${vmId} was not powered on: the lock ${exclusion.lockId} was ended from outside`,
        {
          vmId,
        },
      );
    const outside = await outsideNow(connection, await whatIsPoweredOn(target, vmId), options);
    if (outside.length > 0)
      failWith('NotAllowed', `${vmId} was not powered on: ${notAllowed(connection, outside)}`, { outside });
    try {
      await connection.vsphere.vcenter.setPower(vmId, 'start', options);
      return { powerState: await connection.vsphere.vcenter.getPower(vmId, options) };
    } catch (error) {
      if (!(error instanceof VsphereError) || !REFUSALS.includes(error.kind)) throw error;
      return failWith('PowerOnFailed', `${vmId} could not be powered on: ${error.message}`, { vmId });
    }
  });

/** A clone's machine must be that of this request; a reverted machine is the one that was named. */
async function whatIsPoweredOn(target: LookTarget, vmId: string): Promise<AboutToTouch> {
  switch (target.operation) {
    case 'clone': {
      const claimed = await claimedByAnother(target, vmId);
      if (claimed !== undefined)
        failWith('PowerOnFailed', `${vmId} was not powered on: ${claimed}`, { vmId });
      return withoutSource(target);
    }
    case 'revert':
      return target;
    default:
      return target satisfies never;
  }
}
