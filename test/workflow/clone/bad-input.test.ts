import { WorkflowIdReusePolicy } from '@temporalio/common';
import { OperationFailed, RequestInvalid, type LinkedCloneRequest } from '../../../src/client';
import { failureOfError } from '../../../src/client/describe';
import type { FailureType } from '../../../src/contract/failures';
import { OPERATIONS, requestWorkflowId } from '../../../src/contract/operations';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';

interface Inventory {
  readonly inventory: {
    readonly snapshots: readonly {
      readonly id: string;
      readonly name: string;
      readonly vm: string;
      readonly type: string;
      readonly expiresAt?: string | number;
    }[];
  };
}

const good = { vm: 'web-01', snapshot: 'latest', name: 'ci-1' };

let env: ThreadEnvironment;

beforeAll(async () => {
  env = await openEnvironment({
    as: 'threads',
    alsoConnected: (simulator) => ({
      limited: { username: simulator.limitedUsername, password: simulator.limitedPassword },
      refused: { password: 'not-the-password' },
    }),
  });
});

afterAll(async () => {
  await env.close();
});

async function failureOf(request: Partial<LinkedCloneRequest>) {
  const clone = await env.snapflow.clone({ ...good, connection: env.connection, ...request });
  const error: unknown = await clone.result().catch((thrown: unknown) => thrown);
  if (error instanceof OperationFailed) return error.failure;
  throw new Error(`no failure but ${String(error)}`);
}

function expectSentence(message: string, ...parts: readonly string[]): void {
  expect(message).toMatch(/^[^\n]+\.$/);
  for (const part of parts) expect(message).toContain(part);
}

/** Title, what is wrong with the request, the failure, and its sentence: field and value, then the remedy. */
const CASES: readonly (readonly [string, Partial<LinkedCloneRequest>, FailureType, string, string])[] = [
  [
    'a machine that is not there',
    { vm: 'nope' },
    'ObjectNotFound',
    'vm "nope" does not exist',
    'check the spelling',
  ],
  [
    'a cluster that is not there',
    { cluster: 'nope' },
    'ObjectNotFound',
    'cluster "nope" does not exist',
    'check the spelling',
  ],
  [
    'a cluster that does not hold the machine',
    { cluster: 'cluster-02' },
    'ObjectNotFound',
    'cluster "cluster-02" does not hold vm "web-01" (vm-1001)',
    'leave cluster out',
  ],
  [
    'a snapshot that is not there',
    { snapshot: 'nope' },
    'ObjectNotFound',
    'vm "web-01" has 5 snapshots, none called "nope"',
    'snapflow snapshots --vm vm-1001',
  ],
  [
    'a snapshot that expires soon',
    { vm: 'web-02', snapshot: 'nightly-0410' },
    'SnapshotUnsuitable',
    'snapshot "nightly-0410"',
    'choose a later one',
  ],
  [
    'a name that two machines have',
    { vm: 'shared-01' },
    'NameAmbiguous',
    'vm "shared-01" matches 2 objects: vm-1011 in folder production (group-v101), vm-1012 in folder staging (group-v102)',
    'use one of these ids',
  ],
  [
    'a clone name that is taken',
    { name: 'web-02', folder: 'production' },
    'NameTaken',
    'name "web-02" is taken by vm-1002',
    'choose another name',
  ],
  [
    'a folder that is not there',
    { folder: 'nope' },
    'ObjectNotFound',
    'folder "nope" does not exist',
    'check the spelling',
  ],
  [
    'a pool that is not there',
    { resourcePool: 'nope' },
    'ObjectNotFound',
    'resourcePool "nope" does not exist',
    'check the spelling',
  ],
  [
    'a pool of another cluster',
    { resourcePool: 'resgroup-70' },
    'PlacementInvalid',
    'resourcePool "resgroup-70" is in another cluster than "cluster-01"',
    'give one of that cluster',
  ],
  [
    'a host that is not there',
    { host: 'nope' },
    'ObjectNotFound',
    'host "nope" does not exist',
    'check the spelling',
  ],
  [
    'a host of another cluster',
    { host: 'esx-04.example.test' },
    'PlacementInvalid',
    'host "esx-04.example.test" is in another cluster than "cluster-01"',
    'give one of that cluster',
  ],
  [
    'a cluster without DRS and no host',
    { vm: 'db-01' },
    'PlacementInvalid',
    'host is missing: cluster "cluster-02" has no DRS',
    'give a host of it',
  ],
];

describe('one sentence names field, value and remedy, and nothing was changed, for', () => {
  afterEach(async () => {
    expect(await env.control.ledger()).toEqual([]);
  });

  test.each(CASES)('%s', async (_title, request, type, what, remedy) => {
    const { type: got, message } = await failureOf(request);
    expect({ got, message }).toMatchObject({ got: type });
    expectSentence(message, what, remedy);
    const asked = { ...good, connection: env.connection, ...request };
    await expect(env.snapflow.plan(asked)).rejects.toMatchObject({
      failure: { type, message: expect.stringContaining(what) },
    });
  });

  test('a connection that the worker does not have', async () => {
    const { type, message } = await failureOf({ connection: 'nope' });
    expect(type).toBe('UnknownConnection');
    expectSentence(
      message,
      'connection "nope" is not configured',
      `"${env.connection}"`,
      'name one of these',
    );
  });

  test("a snapshot that expires soon by the appliance's clock, seven hours ahead of the worker's", async () => {
    const { inventory } = (await env.control.state()) as unknown as Inventory;
    const soon = inventory.snapshots.find(({ name, vm }) => name === 'nightly-0410' && vm === 'vm-1002')!;
    const expiring = { vm: 'web-02', snapshot: 'nightly-0410' };
    const sevenHours = 7 * 3_600_000;
    try {
      await env.control.settings({ clockSkewMs: -sevenHours });
      const plan = await env.snapflow.plan({ ...good, connection: env.connection, ...expiring });
      expect(plan).toMatchObject({ snapshotId: soon.id });
      const lasting = inventory.snapshots.find(
        ({ vm, expiresAt }) =>
          vm === 'vm-1002' && new Date(expiresAt ?? 0).getTime() > Date.now() + sevenHours,
      )!;
      await env.control.settings({
        clockSkewMs: new Date(lasting.expiresAt ?? 0).getTime() - Date.now() - 1_800_000,
      });
      const { type, message } = await failureOf({ vm: 'web-02', snapshot: lasting.id });
      expect(type).toBe('SnapshotUnsuitable');
      expectSentence(message, lasting.id, 'choose a later one');
    } finally {
      await env.control.settings({ clockSkewMs: 0 });
    }
  });

  test("another machine's snapshot, by its id", async () => {
    const { inventory } = (await env.control.state()) as unknown as Inventory;
    const foreign = inventory.snapshots.find(({ vm, type }) => vm === 'vm-1003' && type === 'SCHEDULED')!;
    const { type, message } = await failureOf({ snapshot: foreign.id });
    expect(type).toBe('ObjectNotFound');
    expectSentence(message, `vm "web-01" has 5 snapshots, none called "${foreign.id}"`, 'choose one that');
  });

  test('a machine without a snapshot that latest could mean', async () => {
    const { vm } = await env.control.addVm({ name: 'bare', folder: 'production', cluster: 'cluster-01' });
    const { type, message } = await failureOf({ vm });
    expect(type).toBe('ObjectNotFound');
    expectSentence(message, `snapshot "latest": vm "bare" (${vm}) has no snapshot in domain-c8`, 'take one');
  });

  test.each([
    ['empty', '', '""'],
    ['too long', 'x'.repeat(81), '"xxxx'],
    ['with a control character', 'a\tb', String.raw`"a\u{0009}b"`],
  ])(
    'a clone name that is %s, refused by the library and again by the worker',
    async (_what, name, shown) => {
      const request = { ...good, connection: env.connection, name };
      await expect(env.snapflow.clone(request)).rejects.toThrow(RequestInvalid);
      const requestId = `bad-name-${name.length}`;
      const error: unknown = await env.temporal.workflow
        .execute(OPERATIONS.clone.workflow, {
          taskQueue: env.taskQueue,
          workflowId: requestWorkflowId(env.connection, requestId),
          workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          args: [{ requestId, request }],
        })
        .catch((thrown: unknown) => thrown);
      const { type, message } = failureOfError(error);
      expect(type).toBe('RequestInvalid');
      expectSentence(
        message,
        `request.name is ${shown}`,
        'give a name for the new virtual machine of 1 to 80',
      );
    },
  );

  test('an account that lacks privileges: every pair at once', async () => {
    await env.control.user('limited@vsphere.local', {
      privileges: { remove: ['VirtualMachine.Inventory.CreateFromExisting'] },
    });
    const { type, message } = await failureOf({ connection: `${env.connection}-limited` });
    expect(type).toBe('PrivilegeMissing');
    expectSentence(
      message,
      'VirtualMachine.Provisioning.Clone on the virtual machine (vm-1001)',
      'VirtualMachine.Inventory.CreateFromExisting on the folder (group-v3)',
      'grant them',
    );
  });

  test('a refused password: final at once, and the next request does not log in again', async () => {
    const logins = async () => (await env.control.calls()).calls['vcenter.login'] ?? 0;
    const before = await logins();
    for (const name of ['ci-1', 'ci-2']) {
      const { type, message } = await failureOf({ name, connection: `${env.connection}-refused` });
      expect(type).toBe('Unauthenticated');
      expectSentence(
        message,
        'user administrator@vsphere.local',
        'the server answered 401',
        "correct the connection's username and password",
      );
      expect(message).not.toContain('not-the-password');
    }
    expect((await logins()) - before).toBe(1);
  });
});
