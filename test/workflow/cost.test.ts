import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { DevServer } from '../../packages/dev-server/src/start-dev-server';
import type { OperationHandle } from '../../src/client';
import { eventually } from '../environment/eventually';
import { openEnvironment } from '../environment/open-environment';
import { serverCounters } from '../environment/server-counters';
import { startSnapflowServer } from '../environment/start-snapflow-server';
import type { ThreadEnvironment } from '../environment/threads';

interface Cost {
  /** The operation, and its lock where it takes one. */
  readonly runs: number;
  /** Of all runs. */
  readonly events: number;
  /** Of all runs. */
  readonly workflowTasks: number;
  readonly activities: number;
  /** Writes of a run's state as the server counts them. Each heartbeat is one more, and their number is a matter of time. */
  readonly updates: number;
}

/** What one undisturbed operation costs Temporal. A commit that changes a number here says why. */
const COSTS = {
  'a clone': { runs: 2, events: 33, workflowTasks: 6, activities: 3, updates: 21 },
  'a clone with an own name': { runs: 1, events: 23, workflowTasks: 4, activities: 3, updates: 14 },
  'a revert': { runs: 2, events: 39, workflowTasks: 7, activities: 4, updates: 25 },
} satisfies Record<string, Cost>;

type Start = (env: ThreadEnvironment) => Promise<OperationHandle>;

const STARTS: Readonly<Record<keyof typeof COSTS, Start>> = {
  'a clone': ({ snapflow, connection }) =>
    snapflow.clone({ connection, vm: 'web-01', snapshot: 'latest', name: 'c' }, { requestId: 'c' }),
  'a clone with an own name': ({ snapflow, connection }) =>
    snapflow.clone(
      { connection, vm: 'web-01', snapshot: 'latest', name: 'o', uniqueName: true },
      { requestId: 'o' },
    ),
  'a revert': ({ snapflow, connection }) =>
    snapflow.revert({ connection, vm: 'web-02', snapshot: 'latest' }, { requestId: 'r' }),
};

let server: DevServer;
let env: ThreadEnvironment;
beforeAll(async () => {
  server = await startSnapflowServer({ metricsPort: 0 });
  env = await openEnvironment({ as: 'threads', address: server.address });
});
afterAll(async () => {
  await env?.close();
  await server?.stop();
});

test.each(Object.keys(COSTS) as (keyof typeof COSTS)[])('%s costs what the table says', async (kind) => {
  const before = await settledCounters();
  const earlier = new Set((await runs()).map(({ runId }) => runId));
  await (await STARTS[kind](env)).result();
  const made = await eventually('all of its runs have closed', async () => {
    const found = (await runs()).filter(({ runId }) => !earlier.has(runId));
    return found.length >= COSTS[kind].runs && found.every(({ closeTime }) => closeTime) && found;
  });
  const after = await settledCounters();
  const histories = await Promise.all(
    made.map(({ workflowId, runId }) => env.temporal.workflow.getHandle(workflowId, runId).fetchHistory()),
  );
  const events = histories.flatMap((history) => history.events ?? []);
  const cost: Cost = {
    runs: made.length,
    events: events.length,
    workflowTasks: events.filter((event) => event.workflowTaskCompletedEventAttributes).length,
    activities: events.filter((event) => event.activityTaskScheduledEventAttributes).length,
    updates: after - before,
  };
  expect(cost).toEqual(COSTS[kind]);
});

async function runs(): Promise<readonly WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  for await (const run of env.temporal.workflow.list()) found.push(run);
  return found;
}

/** Readings in a row that are the same: half a second without a write. */
const AT_REST = 10;

/** Writes besides heartbeats, once the server has done what an operation left to be done. */
async function settledCounters(): Promise<number> {
  let last = NaN;
  let same = 0;
  const rest = await eventually(
    'the server is at rest',
    async () => {
      const { updates, calls } = await serverCounters(server.metricsUrl ?? '');
      const now = updates - (calls['RecordActivityTaskHeartbeat'] ?? 0);
      same = now === last ? same + 1 : 0;
      last = now;
      return same >= AT_REST && { now };
    },
    60_000,
  );
  return rest.now;
}
