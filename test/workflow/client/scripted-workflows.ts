// Stands in for the real workflows under their wire names: what a run does is said by the request's `snapshot`.
import {
  ApplicationFailure,
  condition,
  defineSignal,
  proxyActivities,
  setHandler,
  upsertMemo,
} from '@temporalio/workflow';
import type { InspectInput, InspectResult } from '../../../src/contract/inspect';
import {
  MEMO,
  type LinkedCloneInput,
  type RevertInput,
  type LinkedCloneResult,
  type RevertResult,
} from '../../../src/contract/operations';

const release = defineSignal('release');
const { awaitTask, prepareLinkedClone } = proxyActivities<{
  awaitTask(input: { workflowId: string }): Promise<void>;
  prepareLinkedClone(input: { workflowId: string }): Promise<void>;
}>({ startToCloseTimeout: '5 minutes', heartbeatTimeout: '1 minute', retry: { maximumAttempts: 1 } });

async function untilReleased(): Promise<void> {
  let released = false;
  setHandler(release, () => {
    released = true;
  });
  await condition(() => released);
}

async function play(script: string, input: LinkedCloneInput): Promise<void> {
  const workflowId = `snapflow:default:${input.requestId}`;
  switch (script) {
    case 'hold':
      return untilReleased();
    case 'prepare':
      return prepareLinkedClone({ workflowId });
    case 'task':
      return awaitTask({ workflowId });
    case 'blocked':
    case 'needs-decision':
      upsertMemo({ [MEMO.state]: script });
      return untilReleased();
    case 'fail':
      throw ApplicationFailure.create({
        type: 'TaskFailed',
        message: 'The task t-1 of the clone failed: no space.',
        nonRetryable: true,
        details: [{ taskId: 't-1' }],
      });
    case 'fail-unless-again':
      if (input.again !== undefined) return;
      throw ApplicationFailure.create({ type: 'TaskFailed', message: 'first run', nonRetryable: true });
    default:
      return;
  }
}

export async function linkedCloneVm(input: LinkedCloneInput): Promise<LinkedCloneResult> {
  await play(input.request.snapshot, input);
  return {
    vmId: `vm-of-${input.again?.afterRunId ?? 'first'}`,
    name: input.request.name,
    taskId: 't-1',
    ...(input.request.snapshot === 'warn'
      ? { warnings: [{ type: 'PoweredOn' as const, message: 'The clone ci-42 is powered on.' }] }
      : {}),
  };
}

export const revertVm = async (_input: RevertInput): Promise<RevertResult> => ({
  taskId: 't-2',
  powerState: 'POWERED_OFF',
});

export async function inspect({ query }: InspectInput): Promise<InspectResult> {
  if (query.kind === 'plan' && query.operation === 'clone') {
    throw ApplicationFailure.create({
      type: 'NameTaken',
      message: `A virtual machine named ${query.request.name} exists already.`,
      nonRetryable: true,
    });
  }
  if (query.kind === 'doctor') return { kind: 'doctor', checks: [] };
  const { vm } = query.kind === 'snapshots' ? query : query.request;
  return { kind: 'snapshots', vmId: 'vm-1', vmName: vm, clusterId: 'c-1', snapshots: [] };
}
