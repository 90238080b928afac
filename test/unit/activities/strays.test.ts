import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Connection } from '../../../src/activities/connection';
import { straysOf } from '../../../src/activities/strays';
import { VsphereError, type VsphereErrorKind } from '../../../src/vsphere';

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
