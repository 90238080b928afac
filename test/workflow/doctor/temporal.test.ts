import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { createServer } from 'node:tls';
import { msToTs } from '@temporalio/common/lib/time';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from '../../../src/activities';
import { Snapflow, type Check, type CheckName } from '../../../src/client';
import { addByHand } from '../../../src/client/set-up';
import { SEARCH_ATTRIBUTES } from '../../../src/contract/operations';
import { findTemporalBinary } from '../../../packages/dev-server/src/find-temporal';
import type { DevServer } from '../../../packages/dev-server/src/start-dev-server';
import { startCli, startCliWith } from '../../e2e/start-cli';
import { eventually } from '../../environment/eventually';
import { installQuietRuntime } from '../../environment/install-quiet-runtime';
import { UNUSED_ADDRESS } from '../../environment/addresses';
import { resetRun } from '../reset-run';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';
import { workflowBundle } from '../../environment/workflow-bundle';
import { ADDRESS_VARIABLE } from '../../environment/addresses';
import { makeCertificate } from '../../unit/vsphere/certificate';
import { startSnapflowServer } from '../../environment/start-snapflow-server';
import { untilAsks } from '../until-asks';

jest.setTimeout(120_000);

const NAMES = Object.values(SEARCH_ATTRIBUTES);
const HOUR_MS = 3_600_000;
/** `IndexedValueType` Keyword and Int. */
const KEYWORD = 2;
const INT = 3;

let server: DevServer;
let temporalPath: string;
let secure: { readonly address: string; readonly stop: () => void };
let client: Client;

/** A server of its own: whatever these tests leave behind would be found by every other one. */
beforeAll(async () => {
  temporalPath = (await findTemporalBinary()).path;
  server = await startSnapflowServer({ binary: temporalPath });
  installQuietRuntime();
  process.env[ADDRESS_VARIABLE] = server.address;
  client = new Client({ connection: await Connection.connect({ address: server.address }) });
  secure = await startTlsServer();
});

/** Speaks TLS, and then says nothing: what a client sees that does not trust it, or asks without. */
async function startTlsServer(): Promise<typeof secure> {
  const { key, cert } = makeCertificate();
  const listening = createServer({ key, cert }).on('tlsClientError', () => undefined);
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, stop: () => void listening.close() };
}

afterAll(async () => {
  await client.connection.close();
  secure.stop();
  await server.stop();
});

const of = (checks: readonly Check[], check: CheckName) => checks.filter((one) => one.check === check);

/** A namespace as an operator makes one: without our attributes. */
async function makeNamespace(namespace: string, retentionMs: number): Promise<Snapflow> {
  const { workflowService } = client;
  const workflowExecutionRetentionPeriod = msToTs(retentionMs);
  await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  const { operatorService } = client.connection;
  await eventually(`${namespace} is known everywhere`, async () =>
    operatorService.listSearchAttributes({ namespace }).then(
      () => true,
      () => false,
    ),
  );
  return Snapflow.connect({ address: server.address, namespace, taskQueue: 'deserted' });
}

describe('a namespace with a short retention, no attributes and no worker', () => {
  let snapflow: Snapflow;
  beforeAll(async () => {
    snapflow = await makeNamespace('bare', HOUR_MS);
  });
  afterAll(() => snapflow.close());

  test('has each of these found with its remedy, and what is well beside it', async () => {
    const checks = await snapflow.doctor();
    expect(of(checks, 'temporal')).toMatchObject([{ state: 'ok', subject: server.address }]);
    expect(of(checks, 'retention')).toMatchObject([
      {
        state: 'warning',
        message: expect.stringContaining('1 h'),
        remedy: expect.stringContaining('--retention'),
      },
    ]);
    const [attributes] = of(checks, 'search-attributes');
    expect(attributes).toMatchObject({ state: 'failed', remedy: 'snapflow setup' });
    expect(NAMES.filter((name) => !attributes?.message.includes(name))).toEqual([]);
    expect(of(checks, 'workers')).toHaveLength(3);
    for (const check of of(checks, 'workers'))
      expect(check).toMatchObject({ state: 'failed', remedy: expect.stringContaining('snapflow worker') });
    expect(of(checks, 'connections')).toMatchObject([
      { state: 'failed', remedy: expect.stringContaining('snapflow worker') },
    ]);
    expect(of(checks, 'locks')).toMatchObject([{ state: 'ok' }]);
    expect(of(checks, 'operations')).toMatchObject([{ state: 'ok' }]);
  });

  test('gets its attributes by a setup, which changes nothing the second time', async () => {
    const first = await snapflow.setUp();
    expect(first).toEqual({
      namespace: 'bare',
      ready: true,
      attributes: NAMES.map((name) => ({ name, outcome: 'added' })),
      remedies: [],
    });
    const second = await snapflow.setUp();
    expect(second.attributes).toEqual(NAMES.map((name) => ({ name, outcome: 'existed' })));
    expect(second.ready).toBe(true);
  });
});

test('an attribute of the wrong type is named with its type and the remedy, and left as it is', async () => {
  const snapflow = await makeNamespace('wrong', 72 * HOUR_MS);
  const { operatorService } = client.connection;
  // The generated type wants a member of an enum that the SDK does not export.
  const add: object = { namespace: 'wrong', searchAttributes: { SnapflowVm: INT } };
  await operatorService.addSearchAttributes(add);
  const result = await snapflow.setUp();
  expect(result).toMatchObject({
    ready: false,
    problem: 'SnapflowVm is of the type Int, not Keyword.',
    remedies: [
      expect.stringContaining('search-attribute remove --namespace wrong --name SnapflowVm'),
      expect.anything(),
    ],
  });
  expect(result.attributes).toEqual(
    NAMES.map((name) =>
      name === 'SnapflowVm' ? { name, outcome: 'wrong-type', foundType: 'Int' } : { name, outcome: 'added' },
    ),
  );
  expect(of(await snapflow.doctor(), 'search-attributes')).toMatchObject([
    {
      state: 'failed',
      message: expect.stringContaining('Int'),
      remedy: expect.stringContaining('snapflow setup'),
    },
  ]);
  // What it prints is typed as it is: remove, and what somebody else would have to add.
  const run = (command: string) => {
    const [, ...words] = command.split(' ');
    execFileSync(temporalPath, [...words, '--address', server.address], {
      env: { HOME: tmpdir() },
      stdio: 'pipe',
    });
  };
  run(result.remedies[0] ?? '');
  const [byHand = ''] = addByHand({ address: server.address, namespace: 'wrong' }, ['SnapflowVm', 'Second']);
  run(byHand.slice(byHand.indexOf('temporal operator')));
  await eventually('both are there as Keyword', async () => {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace: 'wrong' });
    const { SnapflowVm, Second } = customAttributes;
    const types: readonly (number | undefined)[] = [SnapflowVm, Second];
    return types.every((type) => type === KEYWORD);
  });
  await snapflow.close();
});

test('a worker without the one for waits is told apart', async () => {
  const taskQueue = 'half';
  const connection = await NativeConnection.connect({ address: server.address });
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: await workflowBundle(),
    activities: { ...createActivities(new Map()) },
  });
  const snapflow = await Snapflow.connect({ address: server.address, taskQueue });
  await worker.runUntil(async () => {
    const checks = await eventually('its pollers are known', async () => {
      const now = of(await snapflow.doctor(), 'workers');
      return now.filter(({ state }) => state === 'ok').length === 2 && now;
    });
    expect(checks).toMatchObject([
      { subject: 'half workflow', state: 'ok' },
      { subject: 'half activity', state: 'ok' },
      { subject: 'half-waits activity', state: 'failed', remedy: expect.stringContaining('snapflow worker') },
    ]);
  });
  await snapflow.close();
  await connection.close();
});

test('an operation on a queue that nothing polls any more is found from the new queue, with what to run', async () => {
  const { address } = server;
  const [before, after] = await Promise.all(
    ['renamed.old', 'renamed.new'].map((taskQueue) => Snapflow.connect({ address, taskQueue })),
  );
  const left = await before!.clone({ vm: 'web-01', snapshot: 'latest', name: 'left-behind' });
  const failed = await eventually('visibility shows it', async () => {
    const checks = of(await after!.doctor(), 'workers').filter(({ subject }) =>
      subject.startsWith('renamed.old'),
    );
    return checks.length > 0 && checks;
  });
  const remedy = expect.stringContaining('run a worker with SNAPFLOW_TASK_QUEUE=renamed.old until');
  expect(failed).toMatchObject([
    { subject: 'renamed.old workflow', state: 'failed', remedy },
    { subject: 'renamed.old activity', state: 'failed', remedy },
    { subject: 'renamed.old-waits activity', state: 'failed', remedy },
  ]);
  await client.workflow.getHandle(left.workflowId).terminate();
  await Promise.all([before!.close(), after!.close()]);
});

describe('operations that need somebody', () => {
  let environment: ThreadEnvironment;
  beforeAll(async () => {
    environment = await openEnvironment({ as: 'threads' });
  });
  afterAll(() => environment.close());

  const clone = (name: string) =>
    environment.snapflow.clone(
      { connection: environment.connection, vm: 'web-01', snapshot: 'latest', name },
      { requestId: name },
    );

  test('one that needs a decision is named with the command that shows it', async () => {
    await environment.control.fault({
      operation: 'linkedClone',
      position: 'after',
      action: 'reset',
      count: 1,
    });
    const needy = await clone('needy');
    const made = await eventually('the clone is made', async () =>
      (await environment.control.ledger()).find(({ name }) => name === 'needy'),
    );
    await environment.control.task(made.task ?? '', { hide: true });
    await untilAsks(needy);
    await expect(needy.result()).rejects.toMatchObject({ failure: { type: 'NeedsDecision' } });
    const check = await eventually('the list shows it', async () =>
      of(await environment.snapflow.doctor(), 'operations').find(({ subject }) => subject === 'needy'),
    );
    expect(check).toMatchObject({
      state: 'failed',
      remedy: expect.stringContaining(`snapflow status needy --connection ${environment.connection}`),
    });
    await needy.resolve({ kind: 'abandon' });
  });

  test('a terminated run and the lock that its reset left are named', async () => {
    await environment.control.settings({ cloneMs: 5_000 });
    const ended = await clone('ended');
    await eventually('it waits for its task', async () => (await ended.describe()).taskId !== undefined);
    const resetRunId = await resetRun(environment, ended, 4);
    await environment.temporal.workflow.getHandle(ended.workflowId, resetRunId).terminate('test');
    const checks = await eventually('the lists show both', async () => {
      const now = await environment.snapflow.doctor();
      return of(now, 'operations').some(({ subject }) => subject === 'ended') && now;
    });
    expect(of(checks, 'operations').filter(({ subject }) => subject === 'ended')).toMatchObject([
      {
        state: 'warning',
        message: expect.stringContaining('terminated'),
        remedy: expect.stringContaining('--again'),
      },
    ]);
    expect(of(checks, 'locks')).toMatchObject([
      {
        state: 'warning',
        subject: `snapflow-lock:${environment.connection}:clone:ended`,
        message: expect.stringContaining('has closed'),
        remedy: expect.stringContaining('temporal workflow terminate'),
      },
    ]);
  });
});

describe('at the command line', () => {
  test('a namespace that is missing is one failed check in JSON, and exit code 1', async () => {
    const { code, stdout } = await startCli(
      'doctor',
      '--address',
      server.address,
      '--namespace',
      'nowhere',
      '--json',
    ).ended;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        check: 'namespace',
        subject: 'nowhere',
        state: 'failed',
        remedy: expect.stringContaining('create it'),
      },
    ]);
  });

  test('a server that is missing is one failed check, with its remedy', async () => {
    const { code, stdout } = await startCli('doctor', '--address', UNUSED_ADDRESS).ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(
      new RegExp(`failed +temporal +${UNUSED_ADDRESS} .* -> start one \\(snapflow dev\\)`),
    );
  });

  test.each([
    [
      'TLS asked of a server without',
      () => server.address,
      { TEMPORAL_TLS: 'true' },
      /speaks no TLS.* -> unset TEMPORAL_TLS/,
    ],
    ['a server with TLS asked without', () => secure.address, {}, /speaks TLS.* -> set TEMPORAL_TLS=true/],
    [
      'a certificate of an unknown authority',
      () => secure.address,
      { TEMPORAL_TLS: 'true' },
      /not trusted \(.*SELF_SIGNED.*\) -> give its authority as TEMPORAL_TLS_SERVER_CA_CERT_PATH/,
    ],
  ])('%s is one failed check, with its remedy', async (_title, address, settings, line) => {
    const { code, stdout } = await startCliWith(settings, ['doctor', '--address', address()]).ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(/^STATE .*\nfailed +temporal +127\.0\.0\.1:\d+ .*\n$/);
    expect(stdout).toMatch(line);
  });

  test('a setup of what is there already says so, and exits 0', async () => {
    const { code, stdout } = await startCli('setup', '--address', server.address).ended;
    expect(code).toBe(0);
    expect(stdout).toContain('SnapflowConnection  existed');
  });
});
