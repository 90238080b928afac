import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Client, Connection } from '@temporalio/client';
import type { ChildGroup } from '../../src/engine/child-group';
import { freePort } from '../../src/engine/free-port';
import { startDevServer, type DevServer } from '../../src/engine/start-dev-server';
import type { RunningSimulator } from '../../src/simulator/running-simulator';
import { startSimulator } from '../../src/simulator/start-simulator';
import { startCliWith } from '../e2e/start-cli';
import { eventually } from '../rig/eventually';
import { secretsInBytes as secretsIn } from '../rig/find-secrets';
import { startEchoProxy, type EchoProxy } from '../rig/start-echo-proxy';
import { startProgram } from '../rig/start-program';

jest.setTimeout(180_000);

const ROOT = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'snapflow-hostile-'));
const database = join(folder, 'temporal.db');
/** With characters that JSON, URLs and base64 each write in another way. */
const canary = (): string => `Canary/${randomBytes(12).toString('base64url')}+"&`;
const PASSWORD = canary();
const API_KEY = `key-${randomBytes(16).toString('base64url')}`;
/** Not a secret of ours: it is put into a sink, to see that the scan finds it there. */
const PLANTED = canary();

let server: DevServer;
let simulator: RunningSimulator;
let vcenter: EchoProxy;
let appliance: EchoProxy;
let worker: ChildGroup;
let metricsUrl: string;
const cliOutput: string[] = [];
const commandLines: string[] = [];

const commandLineOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
const env = () => ({
  TEMPORAL_ADDRESS: server.address,
  TEMPORAL_API_KEY: API_KEY,
  TEMPORAL_TLS: 'false',
  SNAPFLOW_TASK_QUEUE: 'hostile',
});
const secrets = (): readonly string[] => [PASSWORD, API_KEY, ...vcenter.secrets, ...appliance.secrets];
const filesOf = (path: string): readonly Buffer[] =>
  readdirSync(folder)
    .filter((name) => join(folder, name).startsWith(path))
    .flatMap((name) => contentOf(join(folder, name)));

/** None of a file that the database has removed since it was listed, as it does with its journal. */
const contentOf = (path: string): readonly Buffer[] => {
  try {
    return [readFileSync(path)];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};

/** Runs a command, and looks at its arguments while it lives. */
async function cli(...args: string[]): Promise<void> {
  const run = startCliWith(env(), args);
  commandLines.push(commandLineOf(run.pid));
  const { stdout, stderr } = await run.ended;
  cliOutput.push(stdout, stderr);
}

beforeAll(async () => {
  server = await startDevServer({ dbFile: database });
  simulator = await startSimulator({ password: PASSWORD, cloneMs: 300 });
  vcenter = await startEchoProxy(() => simulator.vcenterUrl);
  appliance = await startEchoProxy(() => simulator.applianceUrl);
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  const port = await freePort('127.0.0.1');
  metricsUrl = `http://127.0.0.1:${port}/metrics`;
  worker = await startProgram(['worker'], /worker ready/, {
    PATH: process.env['PATH'],
    ...env(),
    VSPHERE_VCENTER_URL: vcenter.url,
    VSPHERE_APPLIANCE_URL: appliance.url,
    VSPHERE_USERNAME: simulator.username,
    VSPHERE_PASSWORD_FILE: passwordFile,
    SNAPFLOW_METRICS_PORT: String(port),
  });
  commandLines.push(commandLineOf(worker.pid), commandLineOf(server.pid));
});

afterAll(async () => {
  await worker?.stop(1_000);
  await vcenter?.stop();
  await appliance?.stop();
  await simulator?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true });
});

test('after errors that repeat every secret, none is in output, log, metrics, arguments or the database', async () => {
  const clone = ['clone', '--vm', 'web-01', '--snapshot', 'latest'];
  await cli(...clone, '--name', 'ci-1', '--request-id', 'one', '-o', 'jsonl');
  appliance.echo(/\/snapshots/, 400, 'INVALID_ARGUMENT');
  await cli(...clone, '--name', 'ci-2', '--request-id', 'two', '--json');
  appliance.echo(undefined);
  vcenter.echo(/\/api\/vcenter\/vm/, 403, 'UNAUTHORIZED');
  await cli(...clone, '--name', 'ci-3', '--request-id', 'three');
  vcenter.echo(undefined);
  await cli('list');
  await cli('status', 'two');
  await cli('doctor');
  expect(cliOutput.join('')).toContain('echoed: [secret]');
  expect(secrets().length).toBeGreaterThanOrEqual(5);

  // Planted where a caller could put it: found in the database, so its bytes are really looked at.
  const connection = await Connection.connect({ address: server.address, apiKey: API_KEY, tls: false });
  const temporal = new Client({ connection });
  await temporal.workflow.start('nobody', {
    taskQueue: 'nobody',
    workflowId: 'planted',
    args: [PLANTED],
    memo: { planted: PLANTED },
  });
  await connection.close();
  const metrics = Buffer.from(await (await fetch(metricsUrl)).text());
  const log = Buffer.from(worker.output());
  expect(log.toString()).toContain('"message"');
  await eventually('the planted canary is in the database', () =>
    filesOf(database).some((bytes) => secretsIn([PLANTED], bytes).length > 0),
  );
  for (const bytes of filesOf(database)) expect(secretsIn(secrets(), bytes)).toEqual([]);
  for (const sink of [metrics, log, Buffer.from(cliOutput.join('')), Buffer.from(commandLines.join('\n'))])
    expect(secretsIn(secrets(), sink)).toEqual([]);
});

test('a secret among the arguments of a process would be found', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', PLANTED], { stdio: 'ignore' });
  await once(child, 'spawn');
  try {
    await eventually(
      'its arguments are seen',
      () => secretsIn([PLANTED], Buffer.from(commandLineOf(child.pid ?? 0))).length > 0,
    );
  } finally {
    child.kill('SIGKILL');
  }
});

test('the package holds what it should, and neither keys nor credentials', () => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as { filename: string; files: { path: string }[] }[];
  const strangers = (packed?.files ?? [])
    .map(({ path }) => path)
    .filter(
      (path) =>
        !/^(?:dist\/.*\.(?:js|d\.ts|map|json)|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(path),
    );
  expect(strangers.filter((path) => /\.(?:env|pem|key|npmrc|log|db)$|test\//.test(path))).toEqual([]);
  const bytes = gunzipSync(readFileSync(join(folder, packed?.filename ?? '')));
  expect(bytes.toString('latin1')).toContain('"name": "snapflow"');
  expect(secretsIn(secrets(), bytes)).toEqual([]);
  expect(bytes.toString('latin1')).not.toMatch(/-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/]/);
  // The scan is awake: the same archive with the canary behind it.
  expect(secretsIn([PLANTED], Buffer.concat([bytes, Buffer.from(JSON.stringify(PLANTED))]))).toEqual([
    PLANTED,
  ]);
});

const asBytes = Buffer.from(PLANTED, 'utf8');
test.each<[string, string | Buffer]>([
  ['raw', PLANTED],
  ['in base64', asBytes.toString('base64')],
  ['in base64 with one byte before it', Buffer.from(`a${PLANTED}z`).toString('base64')],
  ['in base64 with two bytes before it', Buffer.from(`ab${PLANTED}z`).toString('base64')],
  ['in base64 for URLs', asBytes.toString('base64url')],
  ['in hexadecimal', asBytes.toString('hex')],
  ['in capital hexadecimal', asBytes.toString('hex').toUpperCase()],
  ['as a URL writes it', encodeURIComponent(PLANTED)],
  ['as JSON writes it', JSON.stringify({ a: PLANTED })],
  ['in gzip within base64', `SIGN token="${gzipSync(`<a>${PLANTED}</a>`).toString('base64')}"`],
  [
    'between bytes that are no text',
    Buffer.concat([Buffer.from([0, 255, 128]), asBytes, Buffer.from([200])]),
  ],
])('a canary %s is found, and no other', (_form, sink) => {
  const bytes = Buffer.from(sink as string);
  expect(secretsIn([PLANTED, PASSWORD], Buffer.concat([Buffer.from('before '), bytes]))).toEqual([PLANTED]);
});
