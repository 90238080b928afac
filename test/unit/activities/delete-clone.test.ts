import { MockActivityEnvironment } from '@temporalio/testing';
import { deleteClone } from '../../../src/activities/delete-clone';
import type { DeleteCloneInput } from '../../../src/contract/activities';
import type { Site } from '../../../src/activities/site';

interface Machine {
  readonly vmId: string;
  readonly name: string;
  readonly powerState?: string;
  readonly folder?: string;
  readonly cluster?: string;
}

const CLONE = { vmId: 'vm-9', name: 'web-copy' };
const INPUT: DeleteCloneInput = {
  connection: 'main',
  clusterId: 'domain-c8',
  folderId: 'group-v3',
  vmId: 'vm-1',
  cloneId: CLONE.vmId,
  name: CLONE.name,
};

type Filter = Readonly<Record<'vms' | 'names' | 'folders' | 'clusters', readonly string[] | undefined>>;

/** An inventory of these machines, in the clone's folder and cluster where they say nothing, and what was deleted of it. */
async function deletion(...machines: readonly Machine[]) {
  const deleted: string[] = [];
  const place = { folder: INPUT.folderId, cluster: INPUT.clusterId };
  const all = machines.map((machine) => ({ powerState: 'POWERED_OFF', ...place, ...machine }));
  const vcenter = {
    listVms: async ({ vms, names, folders, clusters }: Filter) =>
      all.filter(
        ({ vmId, name, folder, cluster }) =>
          (vms?.includes(vmId) ?? true) &&
          (names?.includes(name) ?? true) &&
          (folders?.includes(folder) ?? true) &&
          (clusters?.includes(cluster) ?? true),
      ),
    deleteVm: async (vmId: string) => void deleted.push(vmId),
  };
  const site = { vsphere: { vcenter } } as unknown as Site;
  const end = await new MockActivityEnvironment().run(deleteClone, site, INPUT);
  return { end, deleted };
}

test('the clone as it was made: is deleted', async () => {
  expect(await deletion(CLONE)).toEqual({ end: { kind: 'deleted' }, deleted: [CLONE.vmId] });
});

test('renamed, and another machine has its name now: neither is deleted', async () => {
  const { end, deleted } = await deletion({ ...CLONE, name: 'kept' }, { vmId: 'vm-10', name: CLONE.name });
  expect(end).toMatchObject({ kind: 'kept', why: 'it was renamed to kept' });
  expect(deleted).toEqual([]);
});

test('gone, and another machine has its name now: that one is not deleted', async () => {
  const { end, deleted } = await deletion({ vmId: 'vm-10', name: CLONE.name });
  expect(end).toEqual({ kind: 'already-gone' });
  expect(deleted).toEqual([]);
});

test('powered on: is kept', async () => {
  const { end, deleted } = await deletion({ ...CLONE, powerState: 'POWERED_ON' });
  expect(end).toEqual({ kind: 'kept', why: 'it is POWERED_ON' });
  expect(deleted).toEqual([]);
});

test.each([
  ['folder', { folder: 'group-v9' }],
  ['cluster', { cluster: 'domain-c58' }],
])('moved to another %s, and another machine has its name now: neither is deleted', async (_where, moved) => {
  const { end, deleted } = await deletion({ ...CLONE, ...moved }, { vmId: 'vm-10', name: CLONE.name });
  expect(end).toEqual({ kind: 'kept', why: 'it was moved to another folder or cluster' });
  expect(deleted).toEqual([]);
});
