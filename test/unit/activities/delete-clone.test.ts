import { deleteClone, setPower } from '../../../src/activities/delete-clone';
import type { AllowList, DeleteCloneInput } from '../../../src/contract/activities';
import type { Connection } from '../../../src/activities/connection';
import { VsphereError } from '../../../src/vsphere';
import { beside, otherRequest, type FakeRun } from './runs-fake';

interface Machine {
  readonly vmId: string;
  readonly name: string;
  readonly powerState?: string;
  readonly folder?: string;
  readonly cluster?: string;
  /** In no list that the account may read. */
  readonly isHidden?: boolean;
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

const NOT_FOUND = new VsphereError('it is not there', {
  kind: 'not-found',
  effect: 'none',
  operation: 'vm.get',
  host: 'vcenter',
  remedy: 'none',
});

type Filter = Readonly<Record<'vms' | 'names' | 'folders' | 'clusters', readonly string[] | undefined>>;

/** An inventory of these machines, in the clone's folder and cluster where they say nothing, and what was deleted of it. */
async function deletion(...machines: readonly Machine[]) {
  return deletionBeside([], ...machines);
}

/** The same where there are other requests of the name. */
async function deletionBeside(runs: readonly FakeRun[], ...machines: readonly Machine[]) {
  return deletionAt({}, runs, machines);
}

async function deletionAt(allow: AllowList, runs: readonly FakeRun[], machines: readonly Machine[]) {
  const deleted: string[] = [];
  const place = { folder: INPUT.folderId, cluster: INPUT.clusterId };
  const all = machines.map((machine) => ({ powerState: 'POWERED_OFF', ...place, ...machine }));
  const vcenter = {
    listVms: async ({ vms, names, folders, clusters }: Filter) =>
      all.filter(
        ({ vmId, name, folder, cluster, isHidden }) =>
          isHidden !== true &&
          (vms?.includes(vmId) ?? true) &&
          (names?.includes(name) ?? true) &&
          (folders?.includes(folder) ?? true) &&
          (clusters?.includes(cluster) ?? true),
      ),
    getVm: async (vmId: string) => {
      const found = all.find((machine) => machine.vmId === vmId);
      if (found === undefined) throw NOT_FOUND;
      return found;
    },
    deleteVm: async (vmId: string) => void deleted.push(vmId),
  };
  const connection = { name: 'main', allow, vsphere: { vcenter } } as unknown as Connection;
  const end = await beside(runs).run(deleteClone, connection, INPUT);
  return { end, deleted };
}

test('the clone as it was made: is deleted', async () => {
  expect(await deletion(CLONE)).toEqual({ end: { kind: 'deleted' }, deleted: [CLONE.vmId] });
});

test.each(['WEB-COPY', ' web-copy'])('renamed in case alone: is deleted (%p)', async (name) => {
  expect(await deletion({ ...CLONE, name })).toEqual({ end: { kind: 'deleted' }, deleted: [CLONE.vmId] });
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

test.each([['name'], ['powerState']])(
  'of which the name or the power state does not read (%s): is kept',
  async (field) => {
    const { end, deleted } = await deletion({ ...CLONE, [field]: undefined });
    expect(end).toMatchObject({ kind: 'kept', why: expect.stringContaining('cannot be read') });
    expect(deleted).toEqual([]);
  },
);

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

test('moved to where this account may not look: is kept, not taken for gone', async () => {
  const { end, deleted } = await deletion({ ...CLONE, isHidden: true });
  expect(end).toMatchObject({ kind: 'kept', why: expect.stringContaining('in no list') });
  expect(deleted).toEqual([]);
});

const LOCK = 'snapflow-lock:main:clone:web-copy';
const TOOK = { type: 'verifyLinkedClone', input: { vmId: CLONE.vmId, sourceVmId: INPUT.vmId } };

test('recorded by another request: is kept', async () => {
  const { end, deleted } = await deletionBeside(otherRequest(LOCK, { did: [TOOK] }), CLONE);
  expect(end).toEqual({
    kind: 'kept',
    why: 'vm-9 is of another request, snapflow:main:other, which recorded it',
  });
  expect(deleted).toEqual([]);
});

test('beside another request whose history is not kept any more: is kept', async () => {
  const { end, deleted } = await deletionBeside(otherRequest(LOCK, { isForgotten: true }), CLONE);
  expect(end).toMatchObject({ kind: 'kept', why: expect.stringContaining('cannot be told') });
  expect(deleted).toEqual([]);
});

/** Powers the clone on, and answers what was powered on. */
async function powering(allow: AllowList, runs: readonly FakeRun[]) {
  const powered: string[] = [];
  const vcenter = {
    setPower: async (vmId: string) => void powered.push(vmId),
    getPower: async () => 'POWERED_ON',
  };
  const target = { operation: 'clone', ...INPUT } as const;
  const input = { connection: 'main', vmId: CLONE.vmId, power: 'on', target } as const;
  const connection = { name: 'main', allow, vsphere: { vcenter } } as unknown as Connection;
  const end = await beside(runs)
    .run(setPower, connection, input)
    .catch((error: unknown) => error);
  return { end, powered };
}

test('recorded by another request: is not powered on', async () => {
  const { end, powered } = await powering({}, otherRequest(LOCK, { did: [TOOK] }));
  expect(end).toMatchObject({
    type: 'PowerOnFailed',
    message: expect.stringContaining('is of another request'),
  });
  expect(powered).toEqual([]);
});

test.each<[string, AllowList]>([
  ['clones', { clones: ['dev-*'] }],
  ['clones and sources', { clones: ['dev-*'], sources: ['*'] }],
])('outside the %s that are allowed now: is neither deleted nor powered on', async (_title, allow) => {
  const { end, deleted } = await deletionAt(allow, [], [CLONE]);
  expect(end).toMatchObject({ kind: 'kept', why: expect.stringContaining('does not allow name "web-copy"') });
  expect(deleted).toEqual([]);
  const power = await powering(allow, []);
  expect(power).toMatchObject({ end: { type: 'NotAllowed' }, powered: [] });
});

test('whose source is not allowed any more: is deleted and powered on, for it is not touched', async () => {
  expect((await deletionAt({ sources: ['app-*'] }, [], [CLONE])).deleted).toEqual([CLONE.vmId]);
  expect((await powering({ sources: ['app-*'] }, [])).powered).toEqual([CLONE.vmId]);
});
