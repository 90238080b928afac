import { randomUUID } from 'node:crypto';
import type { OperationStatus } from '../../src/client';
import { freePort } from '../../src/engine/free-port';
import { runCli, startCli, type CliEnd, type CliRun } from './start-cli';

jest.setTimeout(120_000);

interface Urls {
  readonly address: string;
  readonly controlUrl: string;
}

let dev: CliRun;
let urls: Urls;
let ports: string[];

beforeAll(async () => {
  ports = ['--port', String(await freePort('127.0.0.1')), '--ui-port', '0'];
  dev = startCli('dev', ...ports, '--json', '--task-queue', 'e2e');
  await dev.seen('"controlUrl"');
  await dev.seen('\n}');
  urls = JSON.parse(dev.stdout()) as Urls;
});

afterAll(async () => {
  dev.interrupt();
  await dev.ended;
});

const snapflow = (...args: string[]): Promise<CliEnd> => runCli(...args, ...where());
const where = (): string[] => ['--address', urls.address, '--task-queue', 'e2e'];
const statusIn = ({ stdout }: CliEnd): OperationStatus => JSON.parse(stdout) as OperationStatus;
const clone = (name: string, ...args: string[]): string[] => [
  'clone',
  '--vm',
  'web-01',
  '--snapshot',
  'latest',
  '--name',
  name,
  ...args,
];
const newName = (): string => `ci-${randomUUID().slice(0, 8)}`;
const settings = (change: object): Promise<Response> =>
  fetch(`${urls.controlUrl}/settings`, {
    method: 'PATCH',
    body: JSON.stringify(change),
    headers: { 'content-type': 'application/json' },
  });
const effectsOn = async (name: string): Promise<string[]> => {
  const ledger = (await (await fetch(`${urls.controlUrl}/ledger`)).json()) as {
    kind: string;
    name?: string;
  }[];
  return ledger.filter((effect) => effect.name === name).map(({ kind }) => kind);
};

test('a clone is made, printed as data, and asking again attaches without a second one', async () => {
  const name = newName();
  const first = await snapflow(...clone(name, '--request-id', name, '--json'));
  expect(first.code).toBe(0);
  const status = statusIn(first);
  expect(status).toEqual({
    id: name,
    workflowId: `snapflow:default:${name}`,
    runId: status.runId,
    operation: 'clone',
    state: 'succeeded',
    taskId: status.taskId,
    result: { vmId: expect.stringMatching(/^vm-/), name, taskId: status.taskId },
  });
  expect(first.stderr).toContain(`${name}: wait task ${status.taskId}`);
  const second = await snapflow(...clone(name, '--request-id', name, '--quiet'));
  expect(second).toMatchObject({
    code: 0,
    stdout: `${(status.result as { vmId: string }).vmId}\n`,
    stderr: '',
  });
  expect(await effectsOn(name)).toEqual(['clone']);
});

test('an id that another request has is refused with 5, a missing machine with 3, an unknown id with 1', async () => {
  const name = newName();
  expect((await snapflow(...clone(name, '--request-id', name))).code).toBe(0);
  const conflict = await snapflow(...clone(`${name}-b`, '--request-id', name));
  expect(conflict).toMatchObject({ code: 5, stdout: '' });
  expect(conflict.stderr).toContain('was used before for another request');
  const missing = await snapflow('clone', '--vm', 'nope', '--snapshot', 'latest', '--name', newName());
  expect(missing.code).toBe(3);
  expect(missing.stderr).toContain('ObjectNotFound: ');
  expect((await snapflow('status', newName())).code).toBe(1);
});

test('a plan changes nothing and uses up no id', async () => {
  const name = newName();
  const plan = await snapflow(...clone(name, '--plan', '--json'));
  expect(plan.code).toBe(0);
  expect(JSON.parse(plan.stdout)).toMatchObject({ vmName: 'web-01', name, snapshotName: 'nightly-0412' });
  expect(await effectsOn(name)).toEqual([]);
  expect((await snapflow('list', '--vm', 'web-01', '-o', 'jsonl')).stdout).not.toContain(name);
});

test('Ctrl-C leaves the operation alone, from elsewhere it is seen, waited for and cancelled', async () => {
  const name = newName();
  await settings({ cloneMs: 8_000 });
  try {
    const starter = startCli(...clone(name, '--request-id', name), ...where());
    await starter.seen(`${name}: wait task`);
    starter.interrupt();
    const left = await starter.ended;
    expect(left.code).toBe(130);
    expect(left.stderr).toContain(`The operation goes on: snapflow wait ${name}`);

    const status = statusIn(await snapflow('status', name, '--json'));
    expect(status).toMatchObject({ state: 'running', phase: 'wait' });
    const late = await snapflow('wait', name, '--timeout', '1s', '-o', 'jsonl');
    expect(late.code).toBe(7);
    expect(JSON.parse(late.stdout.split('\n')[0] ?? '')).toMatchObject({ type: 'version', format: 1 });

    expect((await snapflow('cancel', name)).code).toBe(0);
    const cancelled = await snapflow('wait', name, '--json');
    expect(cancelled.code).toBe(8);
    expect(cancelled.stderr).not.toContain('Warning');
    expect(statusIn(cancelled)).toMatchObject({ state: 'cancelled', failure: { type: 'Cancelled' } });
    expect((await effectsOn(name))[0]).toBe('clone');
    expect((await snapflow('cancel', name)).code).toBe(0);
  } finally {
    await settings({ cloneMs: 2_000 });
  }
});

test('snapshots are listed newest first, and their ids alone with --quiet', async () => {
  const all = await snapflow('snapshots', '--vm', 'web-01', '--json');
  const { snapshots } = JSON.parse(all.stdout) as { snapshots: { snapshotId: string; createdAt: string }[] };
  const created = snapshots.map(({ createdAt }) => createdAt);
  expect(created).toEqual(created.toSorted().toReversed());
  const quiet = await snapflow('snapshots', '--vm', 'web-01', '--quiet');
  expect(quiet.stdout.trimEnd().split('\n')).toEqual(snapshots.map(({ snapshotId }) => snapshotId));
});

test('a second dev on the same port says which port and what to do', async () => {
  const second = await runCli('dev', ...ports);
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/^Port \d+ on 127\.0\.0\.1 is in use: .* choose another with --port\.$/m);
});
