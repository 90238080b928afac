import { randomBytes, randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { NativeConnection, Worker, type LogEntry } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from '../../src/contract/operations';
import { runCli } from '../e2e/start-cli';
import { eventually } from '../environment/eventually';
import { findSecrets } from '../secrets/find-secrets';
import { startEchoProxy, type EchoProxy } from '../secrets/start-echo-proxy';
import { openEnvironment } from '../environment/open-environment';
import type { ThreadEnvironment } from '../environment/threads';
import { testServerAddress } from '../environment/addresses';

jest.setTimeout(120_000);

/** With characters that JSON, URLs and base64 each write in another way. */
const PASSWORD = `Canary/${randomBytes(12).toString('base64url')}+"&`;

let env: ThreadEnvironment;
let vcenter: EchoProxy;
let appliance: EchoProxy;
const logs: LogEntry[] = [];

beforeAll(async () => {
  const behind = { vcenterUrl: '', applianceUrl: '' };
  vcenter = await startEchoProxy(() => behind.vcenterUrl);
  appliance = await startEchoProxy(() => behind.applianceUrl);
  env = await openEnvironment({
    as: 'threads',
    simulator: { password: PASSWORD, cloneMs: 5_000 },
    onLog: (entry) => logs.push(entry),
    alsoConnected: (simulator) => {
      Object.assign(behind, { vcenterUrl: simulator.vcenterUrl, applianceUrl: simulator.applianceUrl });
      const proxied = { vcenterUrl: vcenter.url, applianceUrl: appliance.url };
      return { watched: proxied, login: proxied };
    },
  });
});

afterAll(async () => {
  await env.close();
  await vcenter.stop();
  await appliance.stop();
});

const secrets = (): readonly string[] => [PASSWORD, ...vcenter.secrets, ...appliance.secrets];
const clone = (name: string, key: string) =>
  env.snapflow.clone(
    { connection: `${env.connection}-${key}`, vm: 'web-01', snapshot: 'latest', name },
    { requestId: name },
  );
const described = (workflowId: string) => env.temporal.workflow.getHandle(workflowId).describe();
const failureOf = (run: { result(): Promise<unknown> }) =>
  run.result().then(
    () => undefined,
    (error: unknown) => error,
  );

/** Memo, search attributes, heartbeat details, pending failures (decoded and raw), and the whole history of each run. */
async function recorded(): Promise<readonly unknown[]> {
  const sinks: unknown[] = [];
  for await (const { workflowId, runId } of env.temporal.workflow.list({
    query: `TaskQueue = '${env.taskQueue}'`,
  })) {
    const handle = env.temporal.workflow.getHandle(workflowId, runId);
    sinks.push(await handle.describe(), await handle.fetchHistory());
  }
  return sinks;
}

test('secrets that servers repeat in their errors are nowhere: not in Temporal, logs, errors or the command line', async () => {
  const sinks: unknown[] = [];

  appliance.echo(/\/snapshots/, 400, 'INVALID_ARGUMENT');
  const rejected = await clone('echo-read', 'watched');
  const readError = await failureOf(rejected);
  expect(String(readError)).toContain('echoed: [secret]');
  sinks.push(readError);

  appliance.echo(undefined);
  const blocked = await clone('echo-wait', 'watched');
  await eventually('it waits', async () => (await blocked.describe()).phase === 'wait');
  appliance.echo(/\/tasks/);
  const waiting = await eventually('the wait is blocked', async () => {
    const status = await blocked.describe();
    return status.condition === 'blocked' ? described(blocked.workflowId) : undefined;
  });
  expect(findSecrets(['echoed: [secret]'], waiting)).not.toEqual([]);
  sinks.push(waiting);
  appliance.echo(undefined);
  sinks.push(await blocked.result());

  appliance.echo(/\/snapshots/, 500, 'INTERNAL_SERVER_ERROR');
  const retried = await clone('echo-retry', 'watched');
  sinks.push(
    await eventually('the failed attempt is pending', async () => {
      const description = await described(retried.workflowId);
      const failed = description.raw.pendingActivities?.some(({ lastFailure }) => lastFailure);
      return failed === true ? description : undefined;
    }),
  );
  appliance.echo(undefined);
  sinks.push(await retried.result());

  vcenter.echo(/\/api\/session$/, 401, 'UNAUTHENTICATED');
  const login = await clone('echo-login', 'login');
  const loginError = await failureOf(login);
  expect(String(loginError)).toContain('echoed: ');
  sinks.push(loginError);

  const where = ['--address', testServerAddress(), '--task-queue', env.taskQueue];
  const connection = (key: string) => ['--connection', `${env.connection}-${key}`];
  for (const args of [
    ['status', 'echo-read', ...connection('watched'), '--json'],
    ['wait', 'echo-wait', ...connection('watched')],
    ['wait', 'echo-login', ...connection('login'), '-o', 'jsonl'],
    ['list', '--json'],
  ])
    sinks.push(await runCli(...args, ...where));

  expect(vcenter.secrets.size).toBeGreaterThanOrEqual(2);
  expect(appliance.secrets.size).toBeGreaterThanOrEqual(2);
  const runs = await recorded();
  expect(runs.length).toBeGreaterThanOrEqual(8);
  expect(logs.some(({ level }) => level === 'DEBUG')).toBe(true);
  expect(findSecrets(secrets(), { sinks, runs, logs })).toEqual([]);
});

describe('a canary is found', () => {
  const canary = `planted-${randomUUID()}`;

  test('in input, memo, search attribute and summary of a real run', async () => {
    const workflowId = `planted-${randomUUID()}`;
    const name = defineSearchAttributeKey(SEARCH_ATTRIBUTES.name, SearchAttributeType.KEYWORD);
    const start = (plant: 'args' | 'memo' | 'attribute' | 'summary') =>
      env.temporal.workflow.start('nobody', {
        taskQueue: `nobody-${env.unique}`,
        workflowId: `${workflowId}-${plant}`,
        ...(plant === 'args' ? { args: [{ deep: [canary] }] } : {}),
        ...(plant === 'memo' ? { memo: { note: canary } } : {}),
        ...(plant === 'summary' ? { staticSummary: canary } : {}),
        ...(plant === 'attribute'
          ? { typedSearchAttributes: new TypedSearchAttributes([{ key: name, value: canary }]) }
          : {}),
      });
    for (const plant of ['args', 'memo', 'attribute', 'summary'] as const) {
      const handle = await start(plant);
      const history = findSecrets([canary], await handle.fetchHistory());
      expect(history).not.toEqual([]);
      const shown = findSecrets([canary], await handle.describe());
      if (plant !== 'args') expect(shown).not.toEqual([]);
      await handle.terminate(canary);
      expect(findSecrets([canary], await handle.fetchHistory()).length).toBeGreaterThan(history.length);
    }
  });

  test('in heartbeat, pending failure and its stack, memo, details, summary, and logs of every level', async () => {
    const text = `planted-${randomUUID()}`;
    const taskQueue = `planting-${env.unique}`;
    const connection = await NativeConnection.connect({ address: testServerAddress() });
    const worker = await Worker.create({
      connection,
      taskQueue,
      workflowsPath: require.resolve('./planting-workflow'),
      activities: {
        beat: async (said: string) => {
          Context.current().heartbeat({ said });
          await Context.current().cancelled;
        },
        fail: async (said: string) => {
          throw Object.assign(new Error(said), { stack: `Error: x\n    at ${said} (file.js:1:1)` });
        },
      },
      shutdownGraceTime: 0,
      shutdownForceTime: '2s',
    });
    const handle = await env.temporal.workflow.start('plant', {
      taskQueue,
      workflowId: text.replace('planted', 'planting'),
      args: [{ text }],
    });
    await worker.runUntil(async () => {
      const { raw, memo } = await eventually('both activities show it', async () => {
        const description = await handle.describe();
        const pending = description.raw.pendingActivities ?? [];
        const isShown =
          pending.some((each) => each.heartbeatDetails) && pending.some((each) => each.lastFailure);
        return isShown ? description : undefined;
      });
      const pending = raw.pendingActivities ?? [];
      const failure = pending.find(({ lastFailure }) => lastFailure)?.lastFailure;
      const history = await handle.fetchHistory();
      const events = history.events ?? [];
      const sinks: Readonly<Record<string, unknown>> = {
        heartbeat: pending.map(({ heartbeatDetails }) => heartbeatDetails),
        'pending failure': failure?.message,
        'its stack': failure?.stackTrace,
        memo,
        'memo in the history': events.filter((event) => event.workflowPropertiesModifiedEventAttributes),
        'summary of an activity': events.map(({ userMetadata }) => userMetadata),
        'details of the run': await handle.query('__temporal_workflow_metadata'),
      };
      const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'];
      // Log entries come in batches.
      for (const level of levels)
        await eventually(`the log shows it at ${level}`, () => {
          const entries = logs.filter((entry) => entry.level === level);
          return findSecrets([text], entries).length > 0;
        });
      for (const [where, sink] of Object.entries(sinks))
        expect([where, findSecrets([text], sink)]).not.toEqual([where, []]);
      await handle.terminate();
    });
    await connection.close();
  });

  const bytes = (text: string) => new TextEncoder().encode(JSON.stringify(text));
  test.each<[string, unknown]>([
    [
      'heartbeat details',
      { pendingActivities: [{ heartbeatDetails: { payloads: [{ data: bytes(canary) }] } }] },
    ],
    ['a failure message', { failure: { cause: { message: `it said ${canary}` } } }],
    ["an error's stack", Object.assign(new Error('x'), { stack: `at ${canary}` })],
    ["an error's cause", new Error('x', { cause: new Error(canary) })],
    ['the metadata of a log line', { meta: { error: new Error(canary) } }],
    ['output', { stdout: '', stderr: `x${canary}y` }],
    ['base64', Buffer.from(canary).toString('base64')],
    ['basic credentials', `Basic ${Buffer.from(`user:${canary}`).toString('base64')}`],
    ['base64 with two bytes before it', Buffer.from(`ab${canary}cd`).toString('base64url')],
    ['a query', `?q=${encodeURIComponent(canary)}`],
    ['a key', { [canary]: 1 }],
  ])('in %s', (_where, sink) => {
    expect(findSecrets([canary], { sink })).not.toEqual([]);
    expect(findSecrets([`other-${randomUUID()}`], { sink })).toEqual([]);
  });

  test('as JSON writes it', () => {
    const sink = bytes(`a "${canary}" in quotes`);
    expect(findSecrets([`"${canary}"`], { sink })).not.toEqual([]);
  });
});
