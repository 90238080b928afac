import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities } from '../../../src/activities';
import type { Connection } from '../../../src/activities/connection';
import type { Activities } from '../../../src/contract/activities';
import { LOCK_WORKFLOW, MEMO } from '../../../src/contract/operations';

const OWN = 'snapflow:main:own';
const EXCLUSION = { lockId: 'snapflow-lock:main:clone:ci-42', lockRunId: 'own-lock' };

/** A check after an unknown start. The lock becomes another request's while the tasks are read, or stays ours. */
async function check(isTakenMeanwhile: boolean) {
  let isTaken = false;
  const lock = () => ({
    runId: isTaken ? 'lock-of-another' : EXCLUSION.lockRunId,
    type: LOCK_WORKFLOW,
    status: { name: 'RUNNING' },
    memo: { [MEMO.holder]: 'first' },
    parentExecution: { workflowId: isTaken ? 'snapflow:main:other' : OWN, runId: 'first' },
    raw: {},
  });
  const workflow = {
    getHandle: () => ({ describe: async () => lock() }),
  };
  const workflowService = { listWorkflowExecutions: async () => ({ executions: [] }) };
  const options = { namespace: 'default' };
  const client = {
    options,
    workflow,
    workflowService,
    withAbortSignal: (_signal: AbortSignal, call: () => unknown) => call(),
  };
  const appliance = {
    listTasks: async () => {
      isTaken = isTakenMeanwhile;
      return { items: [] };
    },
  };
  const vcenter = { listVms: async () => [{ vmId: 'vm-9', name: 'ci-42', powerState: 'POWERED_OFF' }] };
  const connections = new Map([
    [
      'main',
      { name: 'main', vsphere: { appliance, vcenter, hostNowMs: () => Date.now() } } as unknown as Connection,
    ],
  ]);
  const environment = new MockActivityEnvironment(
    { workflowExecution: { workflowId: OWN, runId: 'first' } },
    { client: client as unknown as Client },
  );
  const input: Parameters<Activities['lookForEffect']>[0] = {
    connection: 'main',
    depth: 'after-unknown',
    operation: 'clone',
    clusterId: 'domain-c8',
    vmId: 'vm-1',
    name: 'ci-42',
    folderId: 'group-v3',
    exclusion: EXCLUSION,
  };
  return environment.run(createActivities(connections).lookForEffect, input);
}

test('a check that another request overtook is contested: the lock is asked about after what it shows', async () => {
  expect(await check(true)).toMatchObject({ vms: [{ vmId: 'vm-9' }], contested: true });
});

test('a check under our own lock is not', async () => {
  expect(await check(false)).not.toHaveProperty('contested');
});
