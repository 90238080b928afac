import type { CheckAnswerInput, CloneTarget } from '../contract/activities';
import { sameName } from '../contract/spelling';
import { showValue } from '../contract/text';
import { RequestInvalid } from '../request/parse';
import { VM_TASK_SERVICE, VsphereError, type CallOptions, type TaskInfo } from '../vsphere';
import { notAllowed, outsideNow } from './checks';
import { claimedBy, claimsOfOthers, type Claims } from './claims';
import type { Connection } from './connection';
import { ownWorkflowId, reading } from './context';
import { failWith } from './errors';
import { listVmTasks } from './vm-tasks';

/**
 * See `Activities.checkAnswer`. A machine or task that an operator names becomes the effect: it is powered on, returned,
 * or undone. So it must be what the request asked for, and newer than the request. Who made it is not compared: the
 * operator vouches for that, and accounts are spelled in several ways.
 */
export const checkAnswer = (connection: Connection, input: CheckAnswerInput): Promise<void> =>
  reading('before-start', async (options) => {
    const outside = await outsideNow(connection, input.target, options);
    if (outside.length > 0) refuse(input, notAllowed(connection, outside).replace(/\.$/, ''));
    const { answer } = input;
    const { exclusion } = input;
    const claims = exclusion === undefined ? NONE : await claimsOfOthers(exclusion.lockId, ownWorkflowId());
    refuseClaimed(input, answer.kind === 'vm' ? answer.vmId : answer.taskId, claims);
    if (answer.kind === 'vm') return checkMachine(connection, input, answer.vmId, options);
    if (input.ownTasks.includes(answer.taskId)) return;
    const made = await checkTask(connection, input, answer.taskId, options);
    if (made === undefined) return;
    refuseClaimed(input, made, claims);
    await checkMachine(connection, input, made, options);
  });

/** No other request has an own name. */
const NONE: Claims = { by: new Map() };

/** @returns the machine that the task made, which is checked as one that is named; undefined where it made none */
async function checkTask(
  connection: Connection,
  input: CheckAnswerInput,
  taskId: string,
  options: CallOptions,
): Promise<string | undefined> {
  if (input.before.tasks.some((task) => task.taskId === taskId))
    refuse(input, 'it began before this request did, so name a later one');
  const task = await taskNow(connection, input, taskId, options);
  if (task.service !== undefined && task.service !== VM_TASK_SERVICE)
    refuse(input, 'it is neither a clone nor a revert, so name one that is');
  refuseForeignTarget(input, task);
  // It made nothing, so the request's effect is none: a task of another machine must not say so.
  if (task.status === 'FAILED') return undefined;
  // What it makes shows only at its end.
  if (task.status !== 'SUCCEEDED')
    refuse(input, `it is ${task.oddStatus ?? task.status}, so answer once it has ended`);
  return madeBy(input, task);
}

/** The service may leave the target out. A clone may be filed under the machine that it made. */
function refuseForeignTarget(input: CheckAnswerInput, { target: on, resultId }: TaskInfo): void {
  const { vmId } = input.target;
  if (on !== undefined && on.id !== vmId && on.id !== resultId)
    refuse(input, `it was on ${on.id}, not on ${vmId}, so name one of that machine`);
}

/** What a task that succeeded has done must be what the operation does. */
function madeBy(input: CheckAnswerInput, { resultId, oddResult }: TaskInfo): string | undefined {
  const { target } = input;
  switch (target.operation) {
    case 'clone':
      return resultId ?? refuse(input, 'it made no machine, so name one that did');
    case 'revert':
      if (resultId !== undefined || oddResult) refuse(input, 'it made something, so it is no revert');
      return undefined;
    default:
      return target satisfies never;
  }
}

function refuseClaimed(input: CheckAnswerInput, id: string, claims: Claims): void {
  const why = claimedBy(id, claims);
  if (why !== undefined) refuse(input, why);
}

async function taskNow(
  { vsphere }: Connection,
  input: CheckAnswerInput,
  taskId: string,
  options: CallOptions,
): Promise<TaskInfo> {
  try {
    return await vsphere.appliance.getTask(taskId, options);
  } catch (error) {
    if (!(error instanceof VsphereError) || error.kind !== 'not-found') throw error;
    return refuse(input, 'the snapshot appliance does not know it, so name the machine or another task');
  }
}

async function checkMachine(
  connection: Connection,
  input: CheckAnswerInput,
  vmId: string,
  options: CallOptions,
): Promise<void> {
  const target = machineMaker(input);
  const { before } = input;
  const { vcenter } = connection.vsphere;
  if (vmId === target.vmId) refuse(input, `${vmId} is the source, so name the new machine`);
  if ([...before.vms.map((vm) => vm.vmId), ...(before.ofOthers ?? [])].includes(vmId))
    refuse(input, `${vmId} was there before this request, so name a newer machine`);
  const [found] = await vcenter.listVms({ vms: [vmId] }, options);
  if (found === undefined)
    return refuse(
      input,
      `${vmId} does not exist, or the worker's account cannot see it, so name one that does`,
    );
  if (found.name === undefined || !sameName(found.name, target.name))
    refuse(input, `${vmId} is called ${showValue(found.name ?? '')}, not ${showValue(target.name)}`);
  const where = { folders: [target.folderId], clusters: [target.clusterId] };
  const here = await vcenter.listVms({ vms: [vmId], ...where }, options);
  if (!here.some((vm) => vm.vmId === vmId))
    refuse(input, `${vmId} is not in folder ${target.folderId} of cluster ${target.clusterId}`);
  await checkOrigin(connection, input, target, vmId, options);
}

/** The question offers `vm` for a clone alone. */
function machineMaker(input: CheckAnswerInput): CloneTarget {
  const { target } = input;
  switch (target.operation) {
    case 'clone':
      return target;
    case 'revert':
      return refuse(input, 'a revert makes no machine');
    default:
      return target satisfies never;
  }
}

/** Where the service still has the task that made it. */
async function checkOrigin(
  connection: Connection,
  input: CheckAnswerInput,
  { vmId: sourceId }: CloneTarget,
  vmId: string,
  options: CallOptions,
): Promise<void> {
  const { tasks } = await listVmTasks(connection, 'clone', 'any', options);
  const made = tasks.filter(({ resultId }) => resultId === vmId);
  for (const { taskId, targetId } of made) {
    if (targetId !== undefined && targetId !== sourceId && targetId !== vmId)
      refuse(input, `task ${taskId} made ${vmId} from ${targetId}, not from ${sourceId}`);
    if (input.before.tasks.some((task) => task.taskId === taskId))
      refuse(input, `task ${taskId}, which made ${vmId}, began before this request did`);
  }
}

function refuse({ answer }: CheckAnswerInput, why: string): never {
  const id = answer.kind === 'vm' ? answer.vmId : answer.taskId;
  const remedy = `${why}; the question stays open`;
  const { message, problems } = new RequestInvalid([{ field: answer.kind, value: showValue(id), remedy }]);
  return failWith('RequestInvalid', message, { problems });
}
