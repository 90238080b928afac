import type { WorkflowHandle } from '@temporalio/client';
import { SEARCH_ATTRIBUTES, requestWorkflowId } from '../../src/contract/operations';
import { eventually } from '../environment/eventually';
import { waitingClone } from '../environment/waiting-clone';
import { openClusterEnvironment, type ClusterEnvironment } from './cluster-environment';

/** The first run builds Temporal's server and UI, three to six minutes each on two cores. */
const BUILT_WITHIN_MS = 15 * 60_000;
/** A restarted server takes its shards back, and what was lost in between is repeated. */
const OUTAGE_MS = 180_000;
jest.setTimeout(OUTAGE_MS);

let environment: ClusterEnvironment;

beforeAll(async () => {
  environment = await openClusterEnvironment();
}, BUILT_WITHIN_MS);

afterAll(() => environment?.close());

const clone = (name: string) =>
  environment.snapflow.clone({ vm: 'web-01', snapshot: 'latest', name }, { requestId: name });

const handleOf = (requestId: string): WorkflowHandle =>
  environment.temporal.workflow.getHandle(requestWorkflowId('default', requestId));

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

const workers = () => environment.cluster.run.processes('worker');

test('from nothing, every job succeeds at its first attempt, and two workers are ready', () => {
  expect(environment.cluster.run.attempts).toEqual({ schema: 1, namespace: 1, 'search-attributes': 1 });
  expect(workers()).toHaveLength(2);
});

test('a clone and a revert through the cluster have one effect each', async () => {
  const made = await (await clone('ci-plain')).result();
  expect(await environment.control.clonesNamed('ci-plain')).toEqual([
    expect.objectContaining({ resultVm: made.vmId }),
  ]);
  const revert = await environment.snapflow.revert(
    { vm: 'app-01', snapshot: 'latest' },
    { requestId: 'r-plain' },
  );
  const { taskId } = await revert.result();
  const reverts = (await environment.control.ledger()).filter(({ kind }) => kind === 'revert');
  expect(reverts).toEqual([expect.objectContaining({ task: taskId })]);
});

test('a worker that is killed while it waits: the other one takes the wait over, and there is one effect', async () => {
  const { clone, end } = await waitingClone(environment, 'ci-killed');
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
  expect(await environment.control.clonesNamed('ci-killed')).toHaveLength(1);
  await environment.cluster.run.revive('worker');
});

async function killServer(): Promise<void> {
  for (const server of environment.cluster.run.processes('temporal')) {
    server.signal('SIGKILL');
    await server.ended;
  }
}

test('a server that is killed while a task runs and ends: the operation succeeds when it is back, with one effect', async () => {
  const { clone, end } = await waitingClone(environment, 'ci-outage');
  await killServer();
  await end();
  await environment.cluster.run.revive('temporal');
  expect(await clone.result()).toMatchObject({ name: 'ci-outage' });
  expect(await environment.control.clonesNamed('ci-outage')).toHaveLength(1);
});

test('a server that is killed between a post and its answer: the effect is adopted, not repeated', async () => {
  await environment.control.fault({ operation: 'linkedClone', position: 'after', action: 'hold', count: 1 });
  const handle = await clone('ci-posted');
  const hold = await eventually(
    'the answer is held',
    async () => (await environment.control.holds())[0]?.hold,
  );
  await killServer();
  await environment.control.release(hold);
  await environment.cluster.run.revive('temporal');
  const { vmId } = await handle.result();
  expect(await environment.control.clonesNamed('ci-posted')).toEqual([
    expect.objectContaining({ resultVm: vmId }),
  ]);
});

test('the search attributes are found by the visibility of SQL', async () => {
  const query = `${SEARCH_ATTRIBUTES.vm} = "web-01" AND ${SEARCH_ATTRIBUTES.operation} = "clone" AND ExecutionStatus = "Completed"`;
  const ids = await eventually('they are listed', async () => {
    const found: string[] = [];
    for await (const { workflowId } of environment.temporal.workflow.list({ query })) found.push(workflowId);
    return found.length >= 4 ? found : undefined;
  });
  expect(ids).toEqual(
    expect.arrayContaining(
      ['ci-plain', 'ci-killed', 'ci-outage', 'ci-posted'].map((id) => `snapflow:default:${id}`),
    ),
  );
});

test('the UI serves its page and the run, through its own server', async () => {
  const { uiUrl, namespace } = environment.cluster;
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
  const { connection } = environment.temporal;
  const { config } = await connection.workflowService.describeNamespace({
    namespace: environment.cluster.namespace,
  });
  const days = environment.cluster.compose.services['namespace']?.environment?.['RETENTION'];
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400).toBe(
    Number.parseInt(String(days), 10),
  );
});
