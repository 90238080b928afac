import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testServerAddress, UNUSED_ADDRESS } from '../environment/addresses';
import { openEnvironment } from '../environment/open-environment';
import type { ProcessEnvironment } from '../environment/processes';
import { startCliWith, type CliEnd } from './start-cli';

jest.setTimeout(120_000);

let folder: string;
let environment: ProcessEnvironment;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'snapflow-bad-input-'));
  environment = await openEnvironment({
    as: 'processes',
    name: 'bad-input',
    drainMs: 25_000,
    connections: (settings, { limitedUsername, limitedPassword }) => ({
      default: settings,
      limited: { ...settings, username: limitedUsername, password: limitedPassword },
      refused: { ...settings, password: 'not-the-password' },
    }),
  });
});

afterAll(async () => {
  await environment?.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (env: Record<string, string>, ...args: string[]): Promise<CliEnd> =>
  startCliWith(env, args).ended;
const GOOD = { vm: 'web-01', snapshot: 'latest', name: 'ci-1' };
const clone = (options: Record<string, string>, where: readonly string[] = []): Promise<CliEnd> =>
  run(
    {},
    'clone',
    ...Object.entries({ ...GOOD, ...options }).flatMap(([option, value]) => [`--${option}`, value]),
    '--quiet',
    '--task-queue',
    environment.taskQueue,
    ...(where.length === 0 ? ['--address', testServerAddress()] : where),
  );

describe('one sentence and the exit code that says what kind of problem it is, for', () => {
  afterEach(async () => {
    expect(await environment.control.ledger()).toEqual([]);
  });

  test.each<[string, Record<string, string>, number, RegExp]>([
    [
      'a machine that is not there',
      { vm: 'nope' },
      3,
      /^ObjectNotFound: vm "nope" does not exist.*: check the spelling/,
    ],
    [
      'a cluster that is not there',
      { cluster: 'nope' },
      3,
      /^ObjectNotFound: cluster "nope" .*: check the spelling/,
    ],
    [
      'a snapshot that is not there',
      { snapshot: 'nope' },
      3,
      /^ObjectNotFound: vm "web-01" has \d+ snapshots, none called "nope": choose one that snapflow snapshots --vm vm-1001 lists/,
    ],
    [
      'an expiring snapshot',
      { vm: 'web-02', snapshot: 'nightly-0410' },
      3,
      /^SnapshotUnsuitable: snapshot "nightly-0410" .* expires at .*: choose a later one/,
    ],
    [
      'a connection that is not there',
      { connection: 'nope' },
      3,
      /^UnknownConnection: connection "nope" .*"default", "limited", "refused": name one of these/,
    ],
    [
      'a name of two machines',
      { vm: 'shared-01' },
      3,
      /^NameAmbiguous: vm "shared-01" .*vm-1011 in folder production .*vm-1012 in folder staging .*; use one of these ids/,
    ],
    [
      'a taken name',
      { name: 'web-02', folder: 'production' },
      3,
      /^NameTaken: name "web-02" is taken by vm-1002 .*: choose another name/,
    ],
    [
      'a host of another cluster',
      { host: 'host-62' },
      3,
      /^PlacementInvalid: host "host-62" is in another cluster .*: give one of that cluster/,
    ],
    ['no DRS and no host', { vm: 'db-01' }, 3, /^PlacementInvalid: host is missing: .*; give a host of it/],
    [
      'missing privileges',
      { connection: 'limited' },
      3,
      /^PrivilegeMissing: .*connection "limited" lacks VirtualMachine\.Provisioning\.Clone on .*: grant it/,
    ],
    [
      'a refused password',
      { connection: 'refused' },
      4,
      /^Unauthenticated: .*\(connection refused\): the server answered 401 .*; correct the connection's username and password/,
    ],
    ['an empty name', { name: '' }, 2, /^--name is "": give a name .* of 1 to 80 characters/],
    [
      'an over-long name',
      { name: 'x'.repeat(81) },
      2,
      /^--name is "x+…": give a name .* of 1 to 80 characters/,
    ],
    ['a control character', { name: 'a\tb' }, 2, /^--name is "a\\u\{0009\}b": give a name /],
    [
      'a name with a slash',
      { name: 'ci/1' },
      2,
      /^--name is "ci\/1": give a name without .*, for example "ci-1"/,
    ],
    ['a blank at an end', { name: 'ci-1 ' }, 2, /^--name is "ci-1 ": give a name without blanks .* "ci-1"/],
    ['a turned name', { name: '\u202Eci' }, 2, /^--name is "\\u\{202e\}ci": give a name without .* "ci"/],
  ])('%s', async (_title, options, code, sentence) => {
    const end = await clone(options);
    expect(end).toMatchObject({ code, stderr: expect.stringMatching(sentence) });
    expect(end.stderr).toMatch(/^[^\n]+\.\n$/);
    expect(end.stderr).not.toContain('not-the-password');
  });

  test.each([
    [
      'a bad duration',
      ['--deadline', 'soon'],
      2,
      '--deadline is "soon": give a number with a unit, for example 90s, 15m or 2h.',
    ],
    [
      'an address with a scheme',
      ['--address', 'http://localhost:7233'],
      2,
      'The Temporal address "http://localhost:7233" (--address or TEMPORAL_ADDRESS) is not host:port: give it like localhost:7233.',
    ],
  ])('%s', async (_title, options, code, sentence) => {
    const end = await clone({}, options);
    expect(end).toMatchObject({ code, stdout: '' });
    expect(end.stderr.split('\n')[0]).toBe(sentence);
  });

  test('a Temporal server and a namespace that are not there', async () => {
    const server = await clone({}, ['--address', UNUSED_ADDRESS]);
    expect(server.code).toBe(4);
    expect(server.stderr).toBe(
      `No Temporal server answers at ${UNUSED_ADDRESS}: start one (snapflow dev), or give its address with --address or TEMPORAL_ADDRESS.\n`,
    );
    const namespace = await clone({}, ['--address', testServerAddress(), '--namespace', 'nope']);
    expect(namespace.code).toBe(4);
    expect(namespace.stderr).toMatch(
      / has no namespace nope: create it, or name another with --namespace or TEMPORAL_NAMESPACE\.\n$/,
    );
  });
});

describe('a worker ends before it takes work, with one sentence for each problem, for', () => {
  const site = (): Record<string, string> => ({
    VSPHERE_VCENTER_URL: environment.site.vcenterUrl,
    VSPHERE_APPLIANCE_URL: environment.site.applianceUrl,
    VSPHERE_USERNAME: environment.site.username,
    VSPHERE_PASSWORD: environment.site.password,
    SNAPFLOW_CONNECT_BUDGET_MS: '1000',
  });

  /** Who reads a log line by line reads its last one, too. */
  const lastEntry = ({ stderr }: CliEnd): unknown => JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '');

  test('a wrong configuration, all of it', async () => {
    const end = await run(
      { VSPHERE_VCENTER_URL: 'vc', VSPHERE_USERNAME: 'u', TEMPORAL_ADDRESS: 'http://x' },
      'worker',
    );
    expect(end.code).toBe(2);
    expect(end.stderr.split('\n')).toEqual([
      "The worker's configuration cannot be used:",
      expect.stringMatching(/^ {2}- The Temporal address "http:\/\/x"/),
      expect.stringMatching(/^ {2}- VSPHERE_PASSWORD is missing/),
      expect.stringMatching(/^ {2}- VSPHERE_VCENTER_URL is "vc"/),
      expect.stringMatching(/^ {2}- VSPHERE_APPLIANCE_URL is missing/),
      '',
    ]);
  });

  test('a Temporal configuration that is empty, and one that switches host verification off', async () => {
    const empty = join(folder, 'empty.toml');
    await writeFile(empty, '');
    const file = await run({ ...site(), TEMPORAL_CONFIG_FILE: empty }, 'worker');
    expect(file).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`TEMPORAL_CONFIG_FILE "${empty}" has no profile "default": add it`),
    });
    const unsafe = await run({ ...site(), TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: '1' }, 'worker');
    expect(unsafe).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is not supported: unset it'),
    });
  });

  test('a Temporal server and a namespace that are not there, and a health port in use', async () => {
    const server = await run({ ...site(), TEMPORAL_ADDRESS: UNUSED_ADDRESS }, 'worker');
    expect(server.code).toBe(1);
    expect(lastEntry(server)).toMatchObject({
      level: 'ERROR',
      message: expect.stringMatching(
        new RegExp(
          `^TEMPORAL_ADDRESS: no Temporal server answers at ${UNUSED_ADDRESS} .*: start one, or correct`,
        ),
      ),
    });
    const there = { ...site(), TEMPORAL_ADDRESS: testServerAddress() };
    const namespace = await run({ ...there, TEMPORAL_NAMESPACE: 'nope' }, 'worker');
    expect(namespace.code).toBe(1);
    expect(lastEntry(namespace)).toMatchObject({
      level: 'ERROR',
      message: expect.stringMatching(
        /^TEMPORAL_NAMESPACE: namespace "nope" does not exist on .*: create it, or name another\.$/,
      ),
    });
    const port = new URL(environment.site.vcenterUrl).port;
    const health = await run({ ...there, SNAPFLOW_HEALTH_PORT: port }, 'worker');
    expect(health.code).toBe(2);
    expect(health.stderr).toContain(
      `SNAPFLOW_HEALTH_PORT is ${port}, which is in use on 127.0.0.1: choose another, or 0 for a free one.`,
    );
  });
});

test('a port in use is named with the option that chooses another', async () => {
  const { port } = new URL(environment.site.vcenterUrl);
  expect(await run({}, 'simulator', '--vcenter-port', port)).toMatchObject({
    code: 2,
    stderr: `--vcenter-port ${port} is in use: choose another port, or 0 for a free one.\n`,
  });
  expect(await run({}, 'dev', '--port', port, '--ui-port', '0')).toMatchObject({
    code: 1,
    stderr: `Port ${port} on 127.0.0.1 is in use: stop what listens there, or choose another with --port.\n`,
  });
});
