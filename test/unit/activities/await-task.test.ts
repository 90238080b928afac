import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities } from '../../../src/activities';
import type { Connection } from '../../../src/activities/connection';
import type { AwaitTaskInput, VerifyAtEnd, Waited } from '../../../src/contract/activities';
import { DEFAULT_SETTINGS } from '../../../src/contract/operations';
import { installQuietRuntime } from '../../environment/install-quiet-runtime';
import { VsphereError, type VsphereErrorKind, type WatchedEnd, type WatchNews } from '../../../src/vsphere';

beforeAll(() => installQuietRuntime());

const CLONE: VerifyAtEnd = { operation: 'clone', sourceVmId: 'vm-1', name: 'ci-1', folderId: 'group-v3' };
const REVERT: VerifyAtEnd = {
  operation: 'revert',
  clusterId: 'domain-c8',
  vmId: 'vm-1',
  vmName: 'web-01',
  systemSnapshotsBefore: ['before'],
};

const SUCCEEDED = { kind: 'ended', info: { status: 'SUCCEEDED', resultId: 'vm-9' } } as unknown as WatchedEnd;
const FAILED = { kind: 'ended', info: { status: 'FAILED', failureText: 'no' } } as unknown as WatchedEnd;
const RUNNING = { kind: 'progress', info: { status: 'RUNNING' } } as unknown as WatchNews;

const failing = (kind: VsphereErrorKind) =>
  new VsphereError('it fails.', { kind, effect: 'none', operation: 'vm.get', host: 'vcenter', remedy: 'x' });

interface Played {
  /** What the wait asks for. */
  readonly asks?: Partial<AwaitTaskInput>;
  /** Milliseconds that earlier attempts took, by the server's clock. */
  readonly triedForMs?: number;
  readonly watch: (tell: (news: WatchNews) => void, signal: AbortSignal) => Promise<WatchedEnd>;
  readonly getVm?: (signal: AbortSignal) => Promise<unknown>;
  /** Hears that the task needs its place no more, and whether it has ended. */
  readonly left?: (hasEnded: boolean) => void;
}

/** One attempt of a wait at a site of which only that much is there. */
function wait({
  asks,
  triedForMs = 0,
  watch,
  getVm = async () => MADE,
  left = () => undefined,
}: Played): Promise<Waited> {
  const connection = {
    name: 'main',
    settings: DEFAULT_SETTINGS,
    ownTasks: { see: () => undefined },
    starts: { watch: () => left },
    watcher: {
      watch: (_taskId: string, tell: (news: WatchNews) => void, signal: AbortSignal) => watch(tell, signal),
    },
    vsphere: {
      vcenter: {
        getVm: (_vmId: string, { signal }: { signal: AbortSignal }) => getVm(signal),
        getPower: async () => 'POWERED_OFF',
        listVms: async () => [],
      },
      appliance: {
        listSnapshots: async () => ({ items: [{ snapshotId: 'taken', snapshotType: 'SYSTEM_CREATED' }] }),
      },
    },
  } as unknown as Connection;
  const { awaitTask } = createActivities(new Map([['main', connection]]));
  const input: AwaitTaskInput = {
    connection: 'main',
    taskId: 't-1',
    heartbeats: 'responsive',
    heartbeatTimeoutMs: 30_000,
    blocked: false,
    unreadableBudgetMs: 60_000,
    ...asks,
  };
  const clock = { scheduledTimestampMs: 0, currentAttemptScheduledTimestampMs: triedForMs };
  return new MockActivityEnvironment(clock).run(awaitTask, input);
}

const MADE = { name: 'ci-1', powerState: 'POWERED_OFF' };
const ends = (end: WatchedEnd) => () => Promise.resolve(end);
/** Until the wait leaves. Tells what is heard meanwhile. */
const runs =
  (...heard: readonly WatchNews[]) =>
  (tell: (news: WatchNews) => void, signal: AbortSignal) =>
    new Promise<WatchedEnd>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      setImmediate(() => heard.forEach(tell));
    });

describe('a wait verifies what the task made', () => {
  test('of a clone: the machine by its id', async () => {
    expect(await wait({ asks: { verify: CLONE }, watch: ends(SUCCEEDED) })).toMatchObject({
      kind: 'succeeded',
      verified: { clone: { name: 'ci-1', warnings: [] } },
    });
  });

  test('of a revert: the undo snapshot and the power state', async () => {
    expect(await wait({ asks: { verify: REVERT }, watch: ends(SUCCEEDED) })).toMatchObject({
      verified: { revert: { undoSnapshotId: 'taken', powerState: 'POWERED_OFF' } },
    });
  });

  test('and only where the task has succeeded, and the run asks for it', async () => {
    const unread = () => Promise.reject(new Error('it was read'));
    for (const played of [
      { asks: { verify: CLONE }, watch: ends(FAILED), getVm: unread },
      { watch: ends(SUCCEEDED), getVm: unread },
    ])
      expect(await wait(played)).not.toHaveProperty('verified');
  });

  test.each<VsphereErrorKind>(['forbidden', 'malformed', 'unreachable'])(
    'and where that is %s it tells the end alone',
    async (kind) => {
      const getVm = () => Promise.reject(failing(kind));
      const waited = await wait({ asks: { verify: CLONE }, watch: ends(SUCCEEDED), getVm });
      expect(waited).toMatchObject({ kind: 'succeeded', resultId: 'vm-9' });
      expect(waited).not.toHaveProperty('verified');
    },
  );

  test.each([
    ['is not answered', (signal: AbortSignal) => rejectsWith(signal)],
    ['finds no machine yet', () => Promise.reject(failing('not-found'))],
  ])(
    'and where the read %s it tells the end alone within seconds',
    async (_title, getVm) => {
      const waited = await wait({ asks: { verify: CLONE }, watch: ends(SUCCEEDED), getVm });
      expect(waited).toMatchObject({ kind: 'succeeded', resultId: 'vm-9' });
      expect(waited).not.toHaveProperty('verified');
    },
    20_000,
  );
});

const rejectsWith = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

describe('a wait that takes longer than it may', () => {
  test('comes back overdue', async () => {
    expect(await wait({ asks: { overdueAfterMs: 20 }, watch: runs(RUNNING) })).toEqual({ kind: 'overdue' });
  });

  test('counts the attempts before this one, and hears of the task first', async () => {
    const asks = { overdueAfterMs: 60_000 };
    expect(await wait({ asks, triedForMs: 60_000, watch: runs(RUNNING) })).toEqual({ kind: 'overdue' });
    expect(await wait({ asks, triedForMs: 60_000, watch: ends(FAILED) })).toMatchObject({ kind: 'failed' });
  });

  test('comes back overdue where its attempts fail, and fails before that', async () => {
    const broken = () => Promise.reject(new Error('broken'));
    const asks = { overdueAfterMs: 60_000 };
    expect(await wait({ asks, triedForMs: 60_000, watch: broken })).toEqual({ kind: 'overdue' });
    await expect(wait({ asks, triedForMs: 59_000, watch: broken })).rejects.toThrow('broken');
    await expect(wait({ triedForMs: 60_000, watch: broken })).rejects.toThrow('broken');
  });
});

test('the place of a task is free once it has ended, before what it made is read', async () => {
  const seen: unknown[] = [];
  const left = (hasEnded: boolean) => seen.push(hasEnded);
  const getVm = async () => {
    seen.push('read');
    return MADE;
  };
  await wait({ asks: { verify: CLONE }, watch: ends(SUCCEEDED), getVm, left });
  expect(seen).toEqual([true, 'read']);
});

test('a wait that is left tells that its task has not ended', async () => {
  const seen: boolean[] = [];
  const left = (hasEnded: boolean) => void seen.push(hasEnded);
  await wait({ asks: { overdueAfterMs: 20 }, watch: runs(RUNNING), left });
  expect(seen).toEqual([false]);
});
