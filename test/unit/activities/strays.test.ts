import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Connection } from '../../../src/activities/connection';
import { straysOf } from '../../../src/activities/strays';
import { VsphereError, type VsphereErrorKind } from '../../../src/vsphere';
import { beside, type FakeRun } from './runs-fake';

const CLONE = {
  connection: 'main',
  clusterId: 'domain-c8',
  vmId: 'vm-1',
  name: 'ci-42',
  folderId: 'group-v3',
};

/** A task of our account made vm-9, which no list shows; asked for by its id, vCenter answers so. */
async function strays(byId: VsphereErrorKind | 'there') {
  const vcenter = {
    listVms: async () => [],
    getVm: async () => {
      if (byId === 'there') return { name: 'renamed' };
      throw new VsphereError('no', {
        kind: byId,
        effect: 'none',
        operation: 'vm.get',
        host: 'vcenter',
        remedy: 'none',
      });
    },
  };
  const appliance = { whoAmI: async () => ({ user: 'snapflow@vsphere.local' }) };
  const connection = { name: 'main', vsphere: { appliance, vcenter } } as unknown as Connection;
  const client = { withAbortSignal: (_signal: AbortSignal, call: () => unknown) => call() };
  const environment = new MockActivityEnvironment({}, { client: client as unknown as Client });
  const tasks = [
    { taskId: 't', status: 'SUCCEEDED', resultId: 'vm-9', user: 'snapflow@vsphere.local' },
  ] as const;
  return environment.run(straysOf, connection, CLONE, { tasks, vms: [] }, { requestId: 'r' });
}

const STRAY = [{ taskId: 't', vmId: 'vm-9' }];

test.each<[string, VsphereErrorKind | 'there', readonly object[]]>([
  ['404 is gone, and no trace', 'not-found', []],
  ['403 was moved to where the account may not look, and is a trace', 'forbidden', STRAY],
  ['its record is there, and is a trace', 'there', STRAY],
])('a machine that no list shows and whose id is answered %s', async (_title, byId, expected) => {
  expect(await strays(byId)).toEqual(expected);
});

/** A machine of the name `ci-7-k3f9x2ab`, which task `t` made. Another request recorded both. */
const recordedBy = (listed: Partial<FakeRun>): FakeRun => ({
  workflowId: 'snapflow:main:other',
  runId: 'other-run',
  ownName: 'ci-7-k3f9x2ab',
  did: [{ type: 'startLinkedClone', input: { vmId: 'vm-1' }, result: { kind: 'started', taskId: 't' } }],
  ...listed,
});

function straysBeside(environment: MockActivityEnvironment) {
  const vcenter = { listVms: async () => [{ vmId: 'vm-9', name: 'ci-7-k3f9x2ab' }] };
  const appliance = { whoAmI: async () => ({ user: 'snapflow@vsphere.local' }) };
  const connection = { name: 'main', vsphere: { appliance, vcenter } } as unknown as Connection;
  const tasks = [{ taskId: 't', status: 'SUCCEEDED', resultId: 'vm-9' }] as const;
  return environment.run(straysOf, connection, CLONE, { tasks, vms: [] }, { requestId: 'r' });
}

test.each<[string, Partial<FakeRun>, boolean]>([
  ['by its search attribute', { attribute: 'ci-7-k3f9x2ab' }, true],
  ['by the name that was asked for, where its caller made no nonce', { attribute: 'ci-7' }, true],
  ['although its caller set no search attribute', {}, true],
  ['although the namespace has no search attributes', {}, false],
])('a machine of an own name is found to be of another request %s', async (_title, listed, hasAttributes) => {
  expect(await straysBeside(beside([recordedBy(listed)], 'snapflow:main:own', { hasAttributes }))).toEqual(
    [],
  );
});

test('clones of other names are not read to find one of an own name', async () => {
  const others = Array.from({ length: 2_000 }, (_, index) => ({
    ...recordedBy({ attribute: `ci-${index}-aaaaaaaa` }),
    workflowId: `snapflow:main:${index}`,
    ownName: `ci-${index}-aaaaaaaa`,
  }));
  const found = recordedBy({ attribute: 'ci-7-k3f9x2ab' });
  expect(await straysBeside(beside([...others, found]))).toEqual([]);
});
