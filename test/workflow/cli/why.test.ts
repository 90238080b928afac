import type { OperationOverview, OperationStatus } from '../../../src/client';
import { eventually } from '../../environment/eventually';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';
import { catchCli, type Seen } from './run-here';

jest.setTimeout(120_000);

let env: ThreadEnvironment;
let run: (words: readonly string[]) => Promise<Seen>;

beforeAll(async () => {
  env = await openEnvironment({ as: 'threads', operation: { quarantineMs: 1_000, waitBudgetMs: 1_000 } });
  const caught = catchCli();
  run = (words) => caught(env, words);
});

afterAll(async () => {
  jest.restoreAllMocks();
  await env.close();
});

type Json = OperationStatus & Omit<OperationOverview, 'status'>;

const json = async (id: string): Promise<Json> =>
  JSON.parse((await run(['status', id, '--json'])).out) as Json;
const start = (name: string, id: string) =>
  env.snapflow.clone(
    { connection: env.connection, vm: 'web-01', snapshot: 'latest', name },
    { requestId: id },
  );
const until = (id: string, wanted: (status: Json) => boolean): Promise<Json> =>
  eventually(
    `the status of ${id} says it`,
    async () => {
      const status = await json(id);
      return wanted(status) ? status : undefined;
    },
    60_000,
  );

test('a queued operation names the one that it waits for, and an overdue one why that is no failure', async () => {
  await env.control.settings({ cloneMs: 3_600_000 });
  const holder = await start('why-held', 'why-holder');
  const taskId = await eventually('it waits for its task', async () => (await holder.describe()).taskId);
  await env.control.settings({ cloneMs: 300 });
  await start('why-held', 'why-queued');
  const queued = await until('why-queued', ({ heldBy }) => heldBy !== undefined);
  const why = `held by ${holder.workflowId}`;
  expect(queued).toMatchObject({ condition: 'queued', heldBy: holder.workflowId, why });
  expect((await run(['status', 'why-queued'])).out).toMatch(new RegExp(`^why +${why}$`, 'm'));
  const overdue = await until('why-holder', ({ condition }) => condition === 'overdue');
  expect(overdue.why).toBe('it takes longer than its budget; time alone never fails it');
  await env.control.task(taskId, { status: 'SUCCEEDED' });
  await holder.result();
});

test('a step that fails and is tried again says why, also while no worker runs', async () => {
  await env.control.fault({
    operation: 'vm.list',
    position: 'before',
    action: { status: 503, errorType: 'SERVICE_UNAVAILABLE' },
  });
  const clone = await start('why-retried', 'why-retried');
  const retried = await until('why-retried', (status) => status.why !== undefined);
  expect(retried).toMatchObject({ state: 'running', phase: 'prepare', why: expect.stringContaining('503') });
  expect(retried.condition).toBeUndefined();
  await env.stopWorkers();
  expect((await json('why-retried')).why).toContain('503');
  expect((await run(['status', 'why-retried'])).out).toMatch(/^why +.*503/m);
  await env.control.clearFaults();
  await env.startWorkers();
  await clone.result();
  expect((await json('why-retried')).why).toBeUndefined();
});

test('a blocked undo says what refuses it', async () => {
  await env.control.settings({ cloneMs: 3_600_000 });
  const clone = await start('why-blocked', 'why-blocked');
  const taskId = await eventually('it waits for its task', async () => (await clone.describe()).taskId);
  await env.control.settings({ cloneMs: 300 });
  await env.control.fault({
    operation: 'vm.delete',
    position: 'before',
    action: { status: 503, errorType: 'SERVICE_UNAVAILABLE' },
  });
  await clone.cancel();
  await env.control.task(taskId, { status: 'SUCCEEDED' });
  const blocked = await until('why-blocked', ({ why = '' }) => why.includes('503'));
  expect(blocked.condition).toMatch(/^(?:blocked|compensating)$/);
  const shown = await until('why-blocked', ({ condition }) => condition === 'blocked');
  expect(shown.why).toMatch(/503|its step failed and is being tried again/);
  await env.control.clearFaults();
  await expect(clone.result()).rejects.toMatchObject({ failure: { type: 'Cancelled' } });
});

test('the JSON has all that the table has: request, times, requester, and what is asked', async () => {
  await start('why-json', 'why-json').then((clone) => clone.result());
  const status = await json('why-json');
  expect(status).toMatchObject({
    request: { vm: 'web-01', snapshot: 'latest', name: 'why-json' },
    requester: expect.any(String),
    startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    closedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    pickedUp: true,
  });
  const lines = (await run(['wait', 'why-json', '-o', 'jsonl'])).out.trimEnd().split('\n');
  const [, progress, result] = lines.map((line) => JSON.parse(line) as object);
  expect(progress).toMatchObject({ type: 'progress', id: 'why-json', state: 'succeeded' });
  expect(result).toMatchObject({ type: 'result', id: 'why-json', request: { name: 'why-json' } });
});

test('a clone with --timeout exits 7 while it still runs, and goes on', async () => {
  await env.control.settings({ cloneMs: 3_600_000 });
  const clone = ['clone', '--vm', 'web-01', '--snapshot', 'latest', '--name', 'why-late'];
  const late = await run([...clone, '--request-id', 'why-late', '--timeout', '2s', '--json']);
  expect(late.code).toBe(7);
  expect(JSON.parse(late.out)).toMatchObject({ id: 'why-late', state: 'running' });
  expect(late.err).toContain('The --timeout has passed. Still running. Reattach: snapflow wait why-late');
  const gone = await run(['wait', 'why-json', '--timeout', '1ms', '--json']);
  expect([gone.code, gone.err, JSON.parse(gone.out)]).toMatchObject([0, '', { state: 'succeeded' }]);
  const { taskId = '' } = await until('why-late', (status) => status.taskId !== undefined);
  await env.control.settings({ cloneMs: 300 });
  await env.control.task(taskId, { status: 'SUCCEEDED' });
  expect((await run(['wait', 'why-late', '--json'])).code).toBe(0);
});

test('a result says what latest meant, and names what it gives by id', async () => {
  await start('why-latest', 'why-latest').then((clone) => clone.result());
  const used = { id: expect.any(String), name: expect.any(String) };
  expect((await json('why-latest')).result).toMatchObject({
    source: { name: 'web-01' },
    snapshot: { id: expect.any(String), name: 'nightly-0412', createdAt: expect.stringMatching(/Z$/) },
    folder: { id: expect.any(String), name: 'vm' },
    cluster: used,
    powerState: 'POWERED_OFF',
  });
  expect((await run(['status', 'why-latest'])).out).toMatch(/^snapshot +nightly-0412 \(.*\), taken .*Z$/m);
  expect((await run(['snapshots', '--vm', 'web-01'])).out).toMatch(/nightly-0412 .*SCHEDULED, latest/);
});
