import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../packages/dev-server/src/start-dev-server';
import { startCliWith } from '../e2e/start-cli';
import { eventually } from '../environment/eventually';
import { secretsInBytes as secretsIn } from '../secrets/find-secrets';
import { parseMetrics } from '../e2e/parse-metrics';
import { startEchoProxy, WRITTEN, type EchoProxy } from '../secrets/start-echo-proxy';
import { Control } from '../environment/control';
import { openEnvironment } from '../environment/open-environment';
import type { ProcessEnvironment } from '../environment/processes';

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
/** A task queue and a request id of our own: every sink of the worker, the server and the command line shows them. */
const MARK = `planted-${randomBytes(12).toString('hex')}`;

let environment: ProcessEnvironment;
let vcenter: EchoProxy;
let appliance: EchoProxy;
let metricsUrl: string;
const cliOutput: string[] = [];
const commandLines: string[] = [];

const commandLineOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
const env = () => ({
  TEMPORAL_ADDRESS: environment.server!.address,
  TEMPORAL_API_KEY: API_KEY,
  TEMPORAL_TLS: 'false',
  SNAPFLOW_TASK_QUEUE: environment.taskQueue,
});
const secrets = (): readonly string[] => [PASSWORD, API_KEY, ...vcenter.secrets, ...appliance.secrets];
const filesOf = (path: string): readonly Buffer[] =>
  readdirSync(folder)
    .filter((name) => join(folder, name).startsWith(path))
    .flatMap((name) => contentOf(join(folder, name)));

/** None of a file that the database has removed since it was listed, as it does with its journal. */
function contentOf(path: string): readonly Buffer[] {
  try {
    return [readFileSync(path)];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Runs a command, and looks at its arguments while it lives. */
async function cli(...args: string[]): Promise<void> {
  const run = startCliWith(env(), args);
  commandLines.push(commandLineOf(run.pid));
  const { stdout, stderr } = await run.ended;
  cliOutput.push(stdout, stderr);
}

beforeAll(async () => {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  const port = await freePort('127.0.0.1');
  metricsUrl = `http://127.0.0.1:${port}/metrics`;
  environment = await openEnvironment({
    as: 'processes',
    name: MARK,
    temporal: { own: { dbFile: database } },
    simulator: ['--clone-ms', '300'],
    between: async ({ vcenterUrl, applianceUrl, controlUrl, username }, opened) => {
      await new Control(controlUrl).user(username, { password: PASSWORD });
      vcenter = await opened.keep(
        startEchoProxy(() => vcenterUrl),
        (each) => each.stop(),
      );
      appliance = await opened.keep(
        startEchoProxy(() => applianceUrl),
        (each) => each.stop(),
      );
      return { vcenterUrl: vcenter.url, applianceUrl: appliance.url };
    },
    connections: ({ vcenterUrl, applianceUrl, username }) => ({
      default: { vcenterUrl, applianceUrl, username, passwordFile },
    }),
    workerEnv: {
      TEMPORAL_API_KEY: API_KEY,
      TEMPORAL_TLS: 'false',
      SNAPFLOW_METRICS_PORT: String(port),
    },
  });
  commandLines.push(commandLineOf(environment.worker().pid), commandLineOf(environment.server!.pid));
});

afterAll(async () => {
  await environment?.close();
  rmSync(folder, { recursive: true });
});

test('after errors that repeat every secret, none is in output, log, metrics, arguments or the database', async () => {
  const clone = ['clone', '--vm', 'web-01', '--snapshot', 'latest'];
  await cli(...clone, '--name', 'ci-1', '--request-id', MARK, '-o', 'jsonl');
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
  const { TEMPORAL_ADDRESS: address } = env();
  const connection = await Connection.connect({ address, apiKey: API_KEY, tls: false });
  const temporal = new Client({ connection });
  await temporal.workflow.start('nobody', {
    taskQueue: 'nobody',
    workflowId: 'planted',
    args: [PLANTED],
    memo: { planted: PLANTED },
  });
  await connection.close();
  const sinks = {
    metrics: await (await fetch(metricsUrl)).text(),
    log: environment.worker().output(),
    'output of commands': cliOutput.join(''),
    arguments: commandLines.join('\n'),
  };
  expect(sinks.log).toContain('"message"');
  const { samples } = parseMetrics(sinks.metrics);
  expect(samples.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'snapflow_vsphere_calls_total',
      'snapflow_vsphere_logins_total',
      'snapflow_operations_total',
    ]),
  );
  expect(samples.some(({ labels }) => Object.values(labels).includes(environment.taskQueue))).toBe(true);
  await eventually('the planted canary is in the database', () =>
    filesOf(database).some((bytes) => secretsIn([PLANTED], bytes).length > 0),
  );
  for (const bytes of filesOf(database)) expect(secretsIn(secrets(), bytes)).toEqual([]);
  for (const [where, text] of Object.entries(sinks))
    expect({ where, found: secretsIn([MARK, ...secrets()], Buffer.from(text)) }).toEqual({
      where,
      found: [MARK],
    });
});

test.each(WRITTEN.map((write) => [write(`"${'x'.repeat(6)}/"`), write] as const))(
  'after an error that repeats every secret as in %s, none is in any sink',
  async (_example, write) => {
    const requestId = `written-${randomBytes(4).toString('hex')}`;
    appliance.echo(/\/snapshots/, 400, 'INVALID_ARGUMENT', [write]);
    await cli('clone', '--vm', 'web-01', '--snapshot', 'latest', '--name', 'ci-4', '--request-id', requestId);
    appliance.echo(undefined);
    const log = await eventually('the error is in the log', () => {
      const lines = environment
        .worker()
        .output()
        .split('\n')
        .filter((line) => line.includes(requestId));
      return lines.some((line) => line.includes('echoed: [secret] and ')) ? lines.join('\n') : undefined;
    });
    const metrics = await (await fetch(metricsUrl)).text();
    expect(cliOutput.join('')).toContain('echoed: [secret]');
    for (const sink of [log, metrics, commandLines.join('\n'), cliOutput.join('')])
      expect(secretsIn(secrets(), Buffer.from(sink))).toEqual([]);
    for (const bytes of filesOf(database)) expect(secretsIn(secrets(), bytes)).toEqual([]);
  },
);

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

/** Packs a folder, and returns the bytes of the tarball unpacked, and the paths in it. */
function packed(of: string): { readonly bytes: Buffer; readonly paths: readonly string[] } {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const output = execFileSync('npm', args, {
    cwd: of,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [entry] = JSON.parse(output) as { filename: string; files: { path: string }[] }[];
  if (entry === undefined) throw new Error('npm packed nothing');
  return {
    bytes: gunzipSync(readFileSync(join(folder, entry.filename))),
    paths: entry.files.map(({ path }) => path),
  };
}
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/]/;

test('every file of the packed package is of a known kind, and holds no secret and no private key', () => {
  const { bytes, paths } = packed(ROOT);
  expect(
    paths.filter(
      (path) =>
        !/^(?:dist\/.*\.(?:js|d\.ts|map)|docs\/.*\.(?:md|json)|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(
          path,
        ),
    ),
  ).toEqual([]);
  const text = bytes.toString('latin1');
  // The bytes are really those of the files that npm names.
  for (const file of ['package.json', 'README.md', 'dist/cli/main.js'])
    expect(text).toContain(readFileSync(join(ROOT, file)).toString('latin1'));
  expect(secretsIn(secrets(), bytes)).toEqual([]);
  expect(text).not.toMatch(PRIVATE_KEY);
});

test('a secret and a private key in a file of a package would be found', () => {
  const place = mkdtempSync(join(folder, 'package-'));
  writeFileSync(join(place, 'package.json'), '{"name":"planted","version":"1.0.0"}');
  expect(secretsIn([PLANTED], packed(place).bytes)).toEqual([]);
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(place, 'key.js'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(place, 'index.js'), `exports.password = ${JSON.stringify(PLANTED)};`);
  const { bytes } = packed(place);
  expect(secretsIn([PLANTED, PASSWORD], bytes)).toEqual([PLANTED]);
  expect(bytes.toString('latin1')).toMatch(PRIVATE_KEY);
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
