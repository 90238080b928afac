import type { Client } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { OwnTasks, type Connection } from '../../../src/activities/connection';
import { refused, startOnce, type StartCall } from '../../../src/activities/start-once';
import type { AllowList } from '../../../src/contract/activities';
import type { StartOutcome } from '../../../src/contract/evidence';
import { omitUndefined } from '../../../src/contract/omit-undefined';
import { VsphereError, type ChangeOptions, type VsphereErrorKind } from '../../../src/vsphere';

const RUN = { workflowId: 'snapflow:main:clone-1', runId: 'run-1' };
const LOCK = { lockId: 'lock', lockRunId: 'lock-run' };
const TARGET = { clusterId: 'domain-c8', vmId: 'vm-1', name: 'ci-42', folderId: 'group-v3' };

interface World {
  /** The run of the lock that the server knows now. */
  readonly lockRunId?: string;
  /** What the appliance does with a post; by default it starts a task. */
  readonly post?: (options: ChangeOptions) => Promise<void>;
  /** What the appliance throws at a post that was written. */
  readonly answer?: VsphereError;
  readonly explain?: StartCall['explain'];
  /** Why the worker lets none in. */
  readonly full?: string;
  /** Called in each call that a start waits for. What it throws is that call's end. */
  readonly onCall?: () => void;
}

/** One start under this allow-list; answers its outcome and how many posts it made. */
async function start(
  allow: AllowList,
  touched: object = TARGET,
  { lockRunId = LOCK.lockRunId, post = async () => {}, answer, explain, full, onCall }: World = {},
) {
  let posts = 0;
  const called = async <T>(reply: T): Promise<T> => {
    onCall?.();
    return reply;
  };
  const vcenter = {
    listClusters: () => called([{ clusterId: TARGET.clusterId, name: 'cluster-01' }]),
    listVms: () => called([{ vmId: TARGET.vmId, name: 'web-01' }]),
    listFolders: () => called([{ folderId: TARGET.folderId, name: 'clones' }]),
  };
  const starts = {
    begin: () => full,
    end: () => undefined,
    onAccepted: () => undefined,
    onRefused: () => undefined,
  };
  const ownTasks = new OwnTasks();
  const connection = { name: 'main', allow, starts, ownTasks, vsphere: { vcenter } } as unknown as Connection;
  const activity = { activityId: '7', attempt: 1, paused: false };
  const describe = () =>
    called({ runId: lockRunId, status: { name: 'RUNNING' }, raw: { pendingActivities: [activity] } });
  const client = {
    withAbortSignal: (_signal: AbortSignal, call: () => unknown) => call(),
    workflow: { getHandle: () => ({ describe }) },
  };
  const environment = new MockActivityEnvironment(
    { ...activity, workflowExecution: RUN },
    { client: client as unknown as Client },
  );
  const guards = {
    exclusion: LOCK,
    originalRunId: RUN.runId,
    settings: { startToCloseMs: 15_000 },
    connection: 'main',
    clusterId: TARGET.clusterId,
    ...touched,
  };
  const outcome: StartOutcome = await environment.run(startOnce, connection, guards, {
    operation: 'clone' as const,
    lookBefore: () => called(undefined),
    post: async (options: ChangeOptions) => {
      await post(options);
      await called(undefined);
      posts += 1;
      if (answer !== undefined) throw answer;
      return `t-${posts}`;
    },
    ...omitUndefined({ explain }),
  });
  return { outcome, posts };
}

test('a start within the allow-list of now is posted once', async () => {
  const allow = { clusters: ['cluster-01'], sources: ['web-*'], clones: ['ci-*'], folders: ['clones'] };
  expect(await start(allow)).toEqual({ outcome: { kind: 'started', taskId: 't-1' }, posts: 1 });
});

test.each<[string, AllowList, object, string]>([
  ['clone name', { clones: ['dev-*'] }, TARGET, 'name "ci-42"'],
  ['source', { sources: ['app-*'] }, TARGET, 'vm "web-01"'],
  ['folder', { folders: ['vm'] }, TARGET, 'folder "clones"'],
  ['cluster', { clusters: ['cluster-02'] }, TARGET, 'cluster "cluster-01"'],
  ['reverted machine', { sources: ['app-*'] }, { vmId: TARGET.vmId }, 'vm "web-01"'],
])(
  'a start whose %s the allow-list of now forbids is refused for good, unposted',
  async (_what, allow, touched, named) => {
    expect(await start(allow, touched)).toEqual({
      outcome: {
        kind: 'refused',
        final: true,
        failure: {
          type: 'NotAllowed',
          message: `nothing was posted: connection "main" does not allow ${named}: choose within its allow-list, or have it extended on the worker.`,
          details: { outside: [named] },
        },
      },
      posts: 0,
    });
  },
);

const REMEDY = 'look whether it had its effect before trying again';
const answeredAs = (kind: VsphereErrorKind, effect: 'possible' | 'refused', status?: number) =>
  new VsphereError(`linkedClone failed on appliance http://a: the server answered ${status}; ${REMEDY}.`, {
    kind,
    effect,
    operation: 'linkedClone',
    host: 'appliance',
    remedy: REMEDY,
    status,
    retryAfterMs: 7_000,
  });

test.each([
  ['interrupted', 403],
  ['interrupted', 307],
  ['unavailable', 503],
  ['server-error', 500],
] as const)(
  'a start that is answered as %s with %i is unknown, with what to show once nothing is found',
  async (kind, status) => {
    const { outcome, posts } = await start({}, TARGET, { answer: answeredAs(kind, 'possible', status) });
    expect(outcome).toMatchObject({
      kind: 'unknown',
      answer: {
        failure: {
          type: 'Unreachable',
          message: `linkedClone failed on appliance http://a: the server answered ${status}; a check found no effect of it.`,
          details: { status },
        },
        retryAfterMs: 7_000,
      },
    });
    expect(posts).toBe(1);
  },
);

test.each([
  ['no answer', answeredAs('interrupted', 'possible')],
  ['an acceptance whose task cannot be read', answeredAs('malformed', 'possible', 202)],
])('a start with %s is unknown, and no passing refusal', async (_what, answer) => {
  expect((await start({}, TARGET, { answer })).outcome).toEqual({ kind: 'unknown', reason: answer.message });
});

test('a start whose name exists is unknown: this very call may have made the machine', async () => {
  const answer = answeredAs('already-exists', 'possible', 400);
  const named = refused(true, 'NameTaken', 'taken by vm-9');
  expect((await start({}, TARGET, { answer, explain: async () => named })).outcome).toMatchObject({
    kind: 'unknown',
    answer: { failure: { type: 'NameTaken', message: 'taken by vm-9' } },
  });
  const { outcome } = await start({}, TARGET, { answer, explain: async () => undefined });
  expect(outcome).toMatchObject({
    kind: 'unknown',
    answer: { failure: { type: 'NameTaken', message: expect.stringContaining('400; choose another name.') } },
  });
});

test('a start that is refused with Retry-After says how long to wait', async () => {
  const { outcome } = await start({}, TARGET, { answer: answeredAs('busy', 'refused', 500) });
  expect(outcome).toMatchObject({ kind: 'refused', final: false, retryAfterMs: 7_000 });
});

test('a start whose lock is another run of that id is refused for good, unposted', async () => {
  expect(await start({}, TARGET, { lockRunId: 'of-a-later-request' })).toMatchObject({
    outcome: { kind: 'refused', final: true, failure: { type: 'Busy' } },
    posts: 0,
  });
});

test('a start for which others have taken the last place is refused for now, unposted', async () => {
  expect(await start({}, TARGET, { full: 'all 8 are taken' })).toEqual({
    outcome: {
      kind: 'refused',
      final: false,
      failure: { type: 'Busy', message: 'nothing was posted: all 8 are taken' },
    },
    posts: 0,
  });
});

test.each([
  ['cancelled', new CancelledFailure('CANCELLED')],
  ['aborted', new DOMException('gone', 'AbortError')],
])(
  'a start that is %s in any of its calls never reports that: its run would take it for one that never began',
  async (_how, error) => {
    const allow = { clusters: ['cluster-01'], sources: ['web-*'], clones: ['ci-*'], folders: ['clones'] };
    let nth = 0;
    for (let calls = 1; calls >= nth;) {
      nth += 1;
      calls = 0;
      const onCall = () => {
        calls += 1;
        if (calls === nth) throw error;
      };
      const end: unknown = await start(allow, TARGET, { onCall }).catch((thrown: unknown) => thrown);
      expect(end).not.toBeInstanceOf(CancelledFailure);
      expect((end as Partial<Error>).name).not.toBe('AbortError');
    }
    // Two descriptions, three lists, the check and the post: one more is not made.
    expect(nth).toBe(8);
  },
);

describe('a post that is made again after a new login', () => {
  const fields = { effect: 'none', operation: 'linkedClone', host: 'appliance', remedy: 'log in' } as const;
  const denied = new VsphereError('the session has ended', { ...fields, kind: 'unauthenticated' });
  /** As the wire does it: what the guard throws is a refusal, and nothing is sent. */
  const write = ({ beforeWrite }: ChangeOptions): void => {
    try {
      beforeWrite?.();
    } catch (cause) {
      throw new VsphereError('the guard refused', { ...fields, kind: 'refused-by-guard' }, { cause });
    }
  };

  /** The first post is denied, and the new login takes so long. */
  const slowLogin = (loginMs: number): World => {
    let nowMs = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
    let isDenied = false;
    return {
      post: async (options) => {
        write(options);
        if (isDenied) return;
        isDenied = true;
        nowMs += loginMs;
        throw denied;
      },
    };
  };
  afterEach(() => jest.restoreAllMocks());

  test('is written within the window', async () => {
    expect(await start({}, TARGET, slowLogin(1_000))).toMatchObject({
      outcome: { kind: 'started' },
      posts: 1,
    });
  });

  test('is not written when the login has outlasted the window', async () => {
    expect(await start({}, TARGET, slowLogin(10_000))).toMatchObject({
      outcome: { kind: 'refused', final: false },
      posts: 0,
    });
  });
});
