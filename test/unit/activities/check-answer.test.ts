import { checkAnswer } from '../../../src/activities/check-answer';
import type { Connection } from '../../../src/activities/connection';
import type { AllowList, CheckAnswerInput } from '../../../src/contract/activities';
import type { NamingAnswer } from '../../../src/contract/resolve';
import { VM_TASK_SERVICE, VsphereError } from '../../../src/vsphere';
import { beside, otherRequest, type FakeRun } from './runs-fake';

const LOCK = 'snapflow-lock:main:clone:ci-42';
const SOURCE = { vmId: 'vm-1', name: 'web-01' };
const TARGET = {
  connection: 'main',
  clusterId: 'domain-c8',
  folderId: 'group-v3',
  vmId: SOURCE.vmId,
} as const;
const CLONE = { operation: 'clone', name: 'ci-42', ...TARGET } as const;
const REVERT = { operation: 'revert', ...TARGET } as const;

interface Machine {
  readonly vmId: string;
  readonly name: string;
  readonly folder?: string;
  readonly cluster?: string;
  readonly powerState?: string;
}
interface Task {
  readonly taskId: string;
  readonly status?: string;
  readonly service?: string;
  readonly target?: { readonly type: string; readonly id: string };
  readonly resultId?: string;
}
interface World {
  readonly machines?: readonly Machine[];
  readonly tasks?: readonly Task[];
  readonly allow?: AllowList;
  /** What the source is for the worker's account; absent: in its lists. */
  readonly source?: 'gone' | 'unlisted';
  /** Of other requests. */
  readonly runs?: readonly FakeRun[];
}

type Filter = Readonly<Record<'vms' | 'folders' | 'clusters', readonly string[] | undefined>>;

function connectionTo({ machines = [], tasks = [], allow = {}, source }: World): Connection {
  const all = [...(source === undefined ? [SOURCE] : []), ...machines].map((machine) => ({
    folder: TARGET.folderId,
    cluster: TARGET.clusterId,
    powerState: 'POWERED_OFF',
    ...machine,
  }));
  const infos = tasks.map(({ taskId, ...info }) => ({
    taskId,
    info: { status: 'SUCCEEDED', service: VM_TASK_SERVICE, ...info },
  }));
  const vcenter = {
    listVms: async ({ vms, folders, clusters }: Filter) =>
      all.filter(
        ({ vmId, folder, cluster }) =>
          (vms?.includes(vmId) ?? true) &&
          (folders?.includes(folder) ?? true) &&
          (clusters?.includes(cluster) ?? true),
      ),
    getVm: async () => {
      if (source === 'gone') throw notFound();
      return {};
    },
    listClusters: async () => [{ clusterId: TARGET.clusterId, name: 'cluster-01' }],
    listFolders: async () => [{ folderId: TARGET.folderId, name: 'clones' }],
  };
  const appliance = {
    listTasks: async () => ({ items: infos }),
    getTask: async (taskId: string) => infos.find((task) => task.taskId === taskId)?.info,
  };
  return { name: 'main', allow, vsphere: { vcenter, appliance } } as unknown as Connection;
}

const notFound = () =>
  new VsphereError('not there', {
    kind: 'not-found',
    effect: 'none',
    operation: 'vms.get',
    host: 'vcenter',
    remedy: '',
  });

const check = (answer: NamingAnswer, world: World = {}, change: Partial<CheckAnswerInput> = {}) =>
  beside(world.runs ?? []).run(checkAnswer, connectionTo(world), {
    answer,
    target: CLONE,
    exclusion: { lockId: LOCK, lockRunId: 'run' },
    before: { tasks: [], vms: [] },
    ownTasks: [],
    ...change,
  });

const VM = { kind: 'vm', vmId: 'vm-9' } as const;
const TASK = { kind: 'task', taskId: 't-9' } as const;
const MADE = { vmId: 'vm-9', name: 'ci-42' };
const MADE_BY = { taskId: 't-9', resultId: 'vm-9', target: { type: 'VirtualMachine', id: 'vm-1' } };
const TOOK = { type: 'verifyLinkedClone', input: { vmId: 'vm-9', sourceVmId: 'vm-1' } };
const BEFORE = { vmId: 'vm-9', powerState: 'POWERED_OFF' };

describe('a named machine', () => {
  test('of the asked name, folder and cluster, made from the source after the request: is taken', async () => {
    await check(VM, { machines: [MADE], tasks: [MADE_BY] });
  });

  test('that is on: is taken, since anyone may have started it, and what is on is never deleted', async () => {
    await check(VM, { machines: [{ ...MADE, powerState: 'POWERED_ON' }], tasks: [MADE_BY] });
  });

  test('without a task that tells who made it: is taken', async () => {
    await check(VM, { machines: [MADE] });
  });

  test.each<[string, string, World, Partial<CheckAnswerInput>]>([
    ['of another name', 'is called "db-01", not "ci-42"', { machines: [{ ...MADE, name: 'db-01' }] }, {}],
    ['in another folder', 'not in folder group-v3', { machines: [{ ...MADE, folder: 'group-v9' }] }, {}],
    ['in another cluster', 'of cluster domain-c8', { machines: [{ ...MADE, cluster: 'domain-c9' }] }, {}],
    ['that is not there', 'does not exist', {}, {}],
    [
      'made from another source',
      'made vm-9 from vm-7, not from vm-1',
      { machines: [MADE], tasks: [{ ...MADE_BY, target: { type: 'VirtualMachine', id: 'vm-7' } }] },
      {},
    ],
    [
      'that was there before the request',
      'was there before this request',
      { machines: [MADE] },
      { before: { tasks: [], vms: [BEFORE] } },
    ],
    [
      'that the last holder of the name recorded',
      'was there before this request',
      { machines: [MADE] },
      { before: { tasks: [], vms: [], ofOthers: ['vm-9'] } },
    ],
    [
      'whose task began before the request',
      'task t-9, which made vm-9, began before this request',
      { machines: [MADE], tasks: [MADE_BY] },
      { before: { tasks: [{ taskId: 't-9', status: 'RUNNING' }], vms: [] } },
    ],
    [
      'that another request recorded',
      'vm-9 is of another request, snapflow:main:other',
      { machines: [MADE], runs: otherRequest(LOCK, { did: [TOOK] }) },
      {},
    ],
    [
      'beside another request that is forgotten',
      'whether vm-9 is of another request cannot be told',
      { machines: [MADE], runs: otherRequest(LOCK, { isForgotten: true }) },
      {},
    ],
    [
      'outside the allow-list of now',
      'connection "main" does not allow name "ci-42"',
      { machines: [MADE], allow: { clones: ['dev-*'] } },
      {},
    ],
    [
      'whose source is outside the allow-list of now',
      'does not allow vm "web-01"',
      { machines: [MADE], allow: { sources: ['app-*'] } },
      {},
    ],
    [
      'whose source is in no list of the account, and so matches none by name',
      'does not allow vm "vm-1"',
      { machines: [MADE], allow: { sources: ['web-*'] }, source: 'unlisted' },
      {},
    ],
  ])('%s: is refused with the field, its value and why', async (_title, why, world, change) => {
    await expect(check(VM, world, change)).rejects.toMatchObject({
      type: 'RequestInvalid',
      nonRetryable: true,
      message: expect.stringMatching(/^vm is "vm-9": .*; the question stays open\.$/),
      details: [{ problems: [{ field: 'vm', value: '"vm-9"', remedy: expect.stringContaining(why) }] }],
    });
  });

  test('whose source is gone: is taken, for nothing of it is touched', async () => {
    await check(VM, { machines: [MADE], allow: { sources: ['web-*'] }, source: 'gone' });
  });

  test('that is the source: is refused', async () => {
    await expect(check({ kind: 'vm', vmId: SOURCE.vmId })).rejects.toThrow('vm-1 is the source');
  });
});

describe('a named task', () => {
  test('of a clone whose machine is what was asked for: is taken', async () => {
    await check(TASK, { machines: [MADE], tasks: [MADE_BY] });
  });

  test('that a start of the request returned: is taken as it is, for its end decides', async () => {
    await check(TASK, { tasks: [{ taskId: 't-9', status: 'RUNNING' }] }, { ownTasks: ['t-9'] });
  });

  test('that failed on the source: is taken, for it made nothing', async () => {
    await check(TASK, { tasks: [{ ...TASK, status: 'FAILED', target: MADE_BY.target }] });
  });

  test.each<[string, string, World]>([
    [
      'of a clone of another name',
      'vm-9 is called "db-01"',
      { machines: [{ ...MADE, name: 'db-01' }], tasks: [MADE_BY] },
    ],
    [
      'that still works',
      'it is RUNNING, so answer once it has ended',
      { tasks: [{ ...TASK, status: 'RUNNING' }] },
    ],
    [
      'whose machine another request recorded',
      'vm-9 is of another request',
      { machines: [MADE], tasks: [MADE_BY], runs: otherRequest(LOCK, { did: [TOOK] }) },
    ],
    ['that made no machine', 'it made no machine', { tasks: [TASK] }],
    [
      'that failed on another machine',
      'it was on vm-7, not on vm-1',
      { tasks: [{ ...TASK, status: 'FAILED', target: { type: 'VirtualMachine', id: 'vm-7' } }] },
    ],
    ['of another service', 'it is neither a clone nor a revert', { tasks: [{ ...TASK, service: 'backup' }] }],
  ])('%s: is refused', async (_title, why, world) => {
    await expect(check(TASK, world)).rejects.toMatchObject({
      type: 'RequestInvalid',
      message: expect.stringContaining(`task is "t-9": ${why}`),
    });
  });

  test.each<[string, string, Task]>([
    [
      'a revert of another machine',
      'it was on vm-7',
      { ...TASK, target: { type: 'VirtualMachine', id: 'vm-7' } },
    ],
    ['a clone of this machine', 'so it is no revert', MADE_BY],
  ])('that is %s: is refused by a revert', async (_title, why, task) => {
    await expect(check(TASK, { tasks: [task] }, { target: REVERT })).rejects.toThrow(why);
  });

  test('that reverted this machine: is taken by a revert', async () => {
    const target = { type: 'VirtualMachine', id: 'vm-1' };
    await check(TASK, { tasks: [{ ...TASK, target }] }, { target: REVERT });
  });
});
