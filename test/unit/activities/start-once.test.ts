import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Site } from '../../../src/activities/connection';
import { startOnce } from '../../../src/activities/start-once';
import type { AllowList } from '../../../src/contract/activities';
import type { StartOutcome } from '../../../src/contract/evidence';

const RUN = { workflowId: 'snapflow:main:clone-1', runId: 'run-1' };
const LOCK = { lockId: 'lock', lockRunId: 'lock-run' };
const TARGET = { clusterId: 'domain-c8', vmId: 'vm-1', name: 'ci-42', folderId: 'group-v3' };

/** One start under this allow-list; answers its outcome and how many posts it made. */
async function start(allow: AllowList, touched: object = TARGET) {
  let posts = 0;
  const vcenter = {
    listClusters: async () => [{ clusterId: TARGET.clusterId, name: 'cluster-01' }],
    listVms: async () => [{ vmId: TARGET.vmId, name: 'web-01' }],
    listFolders: async () => [{ folderId: TARGET.folderId, name: 'clones' }],
  };
  const capacity = { whyFull: () => undefined, hadRoom: () => undefined };
  const site = { name: 'main', allow, capacity, vsphere: { vcenter } } as unknown as Site;
  const activity = { activityId: '7', attempt: 1, paused: false };
  const describe = async () => ({
    runId: LOCK.lockRunId,
    status: { name: 'RUNNING' },
    raw: { pendingActivities: [activity] },
  });
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
    clusterId: TARGET.clusterId,
    ...touched,
  };
  const outcome: StartOutcome = await environment.run(startOnce, site, guards, {
    operation: 'clone' as const,
    lookBefore: async () => undefined,
    post: async () => `t-${++posts}`,
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
