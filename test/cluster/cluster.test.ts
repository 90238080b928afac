import type { WorkflowHandle } from '@temporalio/client';
import { SEARCH_ATTRIBUTES, requestWorkflowId } from '../../src/contract/operations';
import { eventually } from '../rig/eventually';
import { openStage, type Stage } from './open-stage';

/** The first run builds Temporal's server and UI, three to six minutes each on two cores. */
const BUILT_WITHIN_MS = 15 * 60_000;
/** A restarted server takes its shards back, and what was lost in between is repeated. */
const OUTAGE_MS = 180_000;
jest.setTimeout(OUTAGE_MS);

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, BUILT_WITHIN_MS);

afterAll(() => stage?.close());

const clone = (name: string) =>
  stage.snapflow.clone({ vm: 'web-01', snapshot: 'latest', name }, { requestId: name });

const handleOf = (requestId: string): WorkflowHandle =>
  stage.temporal.workflow.getHandle(requestWorkflowId('default', requestId));

/** The process that has the operation's wait, by the identity that its worker gave. */
const waitingPid = async (requestId: string, unlike?: number): Promise<number> =>
  eventually(
    'a worker has the wait',
    async () => {
      const { raw } = await handleOf(requestId).describe();
      const wait = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'awaitTask');
      const pid = wait?.lastStartedTime ? Number(wait.lastWorkerIdentity?.split('@')[0]) : undefined;
      return pid === unlike ? undefined : pid;
    },
    60_000,
  );

const workers = () => stage.cluster.run.processes('worker');

test('from nothing, every job succeeds at its first attempt, and two workers are ready', () => {
  expect(stage.cluster.run.attempts).toEqual({ schema: 1, namespace: 1, 'search-attributes': 1 });
  expect(workers()).toHaveLength(2);
});

test('a clone and a revert through the cluster have one effect each', async () => {
  const made = await (await clone('ci-plain')).result();
  expect(await stage.clonesNamed('ci-plain')).toEqual([expect.objectContaining({ resultVm: made.vmId })]);
  const revert = await stage.snapflow.revert({ vm: 'app-01', snapshot: 'latest' }, { requestId: 'r-plain' });
  const { taskId } = await revert.result();
  const reverts = (await stage.control.ledger()).filter(({ kind }) => kind === 'revert');
  expect(reverts).toEqual([expect.objectContaining({ task: taskId })]);
});

test('a worker that is killed while it waits: the other one takes the wait over, and there is one effect', async () => {
  const { clone, end } = await stage.waitingClone('ci-killed');
  const pid = await waitingPid('ci-killed');
  const victim = workers().find((worker) => worker.pid === pid);
  victim?.signal('SIGKILL');
  expect(await victim?.ended).toEqual({ code: null, signal: 'SIGKILL' });
  const heir = await waitingPid('ci-killed', pid);
  expect(
    workers()
      .find((worker) => worker.pid === heir)
      ?.hasEnded(),
  ).toBe(false);
  await end();
  expect(await clone.result()).toMatchObject({ name: 'ci-killed' });
  expect(await stage.clonesNamed('ci-killed')).toHaveLength(1);
  await stage.cluster.run.revive('worker');
});

const killServer = async (): Promise<void> => {
  for (const server of stage.cluster.run.processes('temporal')) {
    server.signal('SIGKILL');
    await server.ended;
  }
};

test('a server that is killed while a task runs and ends: the operation succeeds when it is back, with one effect', async () => {
  const { clone, end } = await stage.waitingClone('ci-outage');
  await killServer();
  await end();
  await stage.cluster.run.revive('temporal');
  expect(await clone.result()).toMatchObject({ name: 'ci-outage' });
  expect(await stage.clonesNamed('ci-outage')).toHaveLength(1);
});

test('a server that is killed between a post and its answer: the effect is adopted, not repeated', async () => {
  await stage.control.fault({ operation: 'linkedClone', position: 'after', action: 'hold', count: 1 });
  const handle = await clone('ci-posted');
  const hold = await eventually('the answer is held', async () => (await stage.control.holds())[0]?.hold);
  await killServer();
  await stage.control.release(hold);
  await stage.cluster.run.revive('temporal');
  const { vmId } = await handle.result();
  expect(await stage.clonesNamed('ci-posted')).toEqual([expect.objectContaining({ resultVm: vmId })]);
});

test('the search attributes are found by the visibility of SQL', async () => {
  const query = `${SEARCH_ATTRIBUTES.vm} = "web-01" AND ${SEARCH_ATTRIBUTES.operation} = "clone" AND ExecutionStatus = "Completed"`;
  const ids = await eventually('they are listed', async () => {
    const found: string[] = [];
    for await (const { workflowId } of stage.temporal.workflow.list({ query })) found.push(workflowId);
    return found.length >= 4 ? found : undefined;
  });
  expect(ids).toEqual(
    expect.arrayContaining(
      ['ci-plain', 'ci-killed', 'ci-outage', 'ci-posted'].map((id) => `snapflow:default:${id}`),
    ),
  );
});

test('the UI serves its page and the run, through its own server', async () => {
  const { uiUrl, namespace } = stage.cluster;
  const id = requestWorkflowId('default', 'ci-plain');
  const page = await fetch(`${uiUrl}/namespaces/${namespace}/workflows/${id}`);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.status).toBe(200);
  const run = await fetch(`${uiUrl}/api/v1/namespaces/${namespace}/workflows/${id}`);
  expect(await run.json()).toMatchObject({
    workflowExecutionInfo: { execution: { workflowId: id }, status: 'WORKFLOW_EXECUTION_STATUS_COMPLETED' },
  });
});

test('the namespace keeps closed runs for as long as .env states', async () => {
  const { connection } = stage.temporal;
  const { config } = await connection.workflowService.describeNamespace({
    namespace: stage.cluster.namespace,
  });
  const days = stage.cluster.compose.services['namespace']?.environment?.['RETENTION'];
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400).toBe(
    Number.parseInt(String(days), 10),
  );
});
