import { randomUUID } from 'node:crypto';
import type { OperationStatus } from '../../src/client';
import { freePort } from '../../packages/dev-server/src/start-dev-server';
import { Control, type Effect } from '../environment/control';
import { eventually } from '../environment/eventually';
import { runCli, startCli, type CliEnd, type CliRun } from './start-cli';

/** A dozen fresh processes a test, beside other suites. */
jest.setTimeout(240_000);

interface Urls {
  readonly address: string;
  readonly controlUrl: string;
}

let dev: CliRun;
let urls: Urls;
let control: Control;
let ports: string[];
/** Begun before the other tests, beside which its quarantine passes: half a minute with the settings of production. */
let undecided: { readonly name: string; readonly starter: CliRun; readonly made: Effect };

beforeAll(async () => {
  ports = ['--port', String(await freePort('127.0.0.1')), '--ui-port', '0'];
  dev = startCli('dev', ...ports, '--json', '--task-queue', 'e2e');
  await dev.seen('"controlUrl"');
  await dev.seen('\n}');
  urls = JSON.parse(dev.stdout()) as Urls;
  control = new Control(urls.controlUrl);
  undecided = await cloneWithoutTrace();
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
/** Made, but its reply is lost and its task hidden. */
async function cloneWithoutTrace(): Promise<typeof undecided> {
  const name = newName();
  await control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
  const starter = startCli(...clone(name, '--request-id', name), ...where());
  const made = await eventually('the clone is made', async () =>
    (await control.ledger()).find((effect) => effect.name === name),
  );
  await control.task(made.task ?? '', { hide: true });
  return { name, starter, made };
}
const effectsOn = async (name: string): Promise<string[]> =>
  (await control.ledger()).filter((effect) => effect.name === name).map(({ kind }) => kind);

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
    request: { vm: 'web-01', snapshot: 'latest', name },
    requester: expect.any(String),
    startedAt: expect.any(String),
    closedAt: expect.any(String),
    pickedUp: true,
    taskId: status.taskId,
    result: {
      vmId: expect.stringMatching(/^vm-/),
      name,
      taskId: status.taskId,
      source: { id: 'vm-1001', name: 'web-01' },
      snapshot: { id: expect.any(String), name: 'nightly-0412', createdAt: expect.any(String) },
      folder: { id: expect.any(String), name: 'vm' },
      cluster: { id: expect.any(String), name: expect.any(String) },
      powerState: 'POWERED_OFF',
    },
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

test('an id that another request has is refused with 5, a missing machine or id with 3', async () => {
  const name = newName();
  expect((await snapflow(...clone(name, '--request-id', name))).code).toBe(0);
  const conflict = await snapflow(...clone(`${name}-b`, '--request-id', name));
  expect(conflict).toMatchObject({ code: 5, stdout: '' });
  expect(conflict.stderr).toContain(
    `was used before for another request (name was "${name}", now "${name}-b")`,
  );
  const missing = await snapflow('clone', '--vm', 'nope', '--snapshot', 'latest', '--name', newName());
  expect(missing.code).toBe(3);
  expect(missing.stderr).toContain('ObjectNotFound: ');
  const unknown = await snapflow('status', newName());
  expect(unknown.code).toBe(3);
  expect(unknown.stderr).toContain('list the known ones with snapflow list');
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
  // Its task ends when this test says so.
  await control.settings({ cloneMs: 3_600_000 });
  try {
    const starter = startCli(...clone(name, '--request-id', name), ...where());
    await starter.seen(`${name}: wait task`);
    starter.interrupt();
    const interrupted = await starter.ended;
    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toContain(`Still running. Reattach: snapflow wait ${name}`);

    const status = statusIn(await snapflow('status', name, '--json'));
    expect(status).toMatchObject({ state: 'running', phase: 'wait' });
    const late = await snapflow('wait', name, '--timeout', '1s', '-o', 'jsonl');
    expect(late.code).toBe(7);
    const lines = late.stdout.trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'version', format: 1 });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'result', id: name, state: 'running' });
    expect(late.stderr).toContain(`snapflow wait ${name}`);

    expect((await snapflow('cancel', name)).code).toBe(0);
    await control.task(status.taskId ?? '', { status: 'SUCCEEDED' });
    const cancelled = await snapflow('wait', name, '--json');
    expect(cancelled.code).toBe(8);
    expect(cancelled.stderr).not.toContain('Warning');
    const vmId = (await control.ledger()).find((effect) => effect.name === name)?.resultVm;
    const left = `the clone ${name} (${vmId}) was deleted`;
    expect(statusIn(cancelled)).toMatchObject({
      state: 'cancelled',
      failure: { type: 'Cancelled', message: `The request was cancelled: ${left}.`, details: { left } },
    });
    expect((await snapflow('status', name)).stdout).toContain(`left       ${left}\n`);
    expect(await effectsOn(name)).toEqual(['clone', 'delete']);
    expect((await snapflow('cancel', name)).code).toBe(0);
  } finally {
    await control.settings({ cloneMs: 2_000 });
  }
});

test('a revert needs --yes where nobody can be asked, and then prints its undo snapshot', async () => {
  const revert = ['revert', '--vm', 'web-04', '--snapshot', 'nightly-0411'];
  const unconfirmed = await snapflow(...revert);
  expect(unconfirmed).toMatchObject({ code: 2, stdout: '' });
  expect(unconfirmed.stderr).toContain('add --yes');
  const plan = await snapflow(...revert, '--plan', '--json');
  expect(JSON.parse(plan.stdout)).toMatchObject({ vmName: 'web-04', snapshotName: 'nightly-0411' });
  expect((await control.ledger()).filter(({ kind }) => kind === 'revert')).toEqual([]);

  const done = await snapflow(...revert, '--yes', '--restore-power', '--request-id', 'back', '--json');
  expect(done.code).toBe(0);
  const { operation, result, taskId } = statusIn(done);
  expect(operation).toBe('revert');
  expect(result).toMatchObject({
    taskId,
    undoSnapshotId: expect.any(String),
    powerState: 'POWERED_ON',
    snapshot: { name: 'nightly-0411' },
  });
  expect((await control.ledger()).filter(({ kind }) => kind === 'revert')).toHaveLength(1);
  const table = await snapflow('status', 'back');
  expect(table.stdout).toContain('operation  revert web-04 @ nightly-0411');
  expect(table.stdout).toContain(`undo       ${(result as { undoSnapshotId: string }).undoSnapshotId}\n`);
});

test('a clone that needs a decision says what to type, alarms a list, and takes the answer', async () => {
  const { name, starter, made } = undecided;
  const asked = await starter.ended;
  expect(asked.code).toBe(6);
  expect(asked.stdout).toContain(`candidate  ${made.resultVm}\n`);
  expect(asked.stderr).toContain(`  snapflow resolve ${name} --vm ${made.resultVm} `);

  const alarms = ['list', '--state', 'needs-decision,overdue,blocked'];
  const alarm = await snapflow(...alarms, '--quiet');
  expect(alarm).toMatchObject({ code: 1, stdout: `${name}\n` });
  expect((await snapflow('status', name, '--json')).code).toBe(6);
  expect((await snapflow('resolve', name, '--done')).code).toBe(2);
  expect((await snapflow('resolve', name, '--vm', 'vm-1')).code).toBe(2);
  const resolved = await snapflow('resolve', name, '--vm', made.resultVm ?? '', '--json');
  expect(resolved.code).toBe(0);
  expect(resolved.stderr).toContain(`${made.resultVm} is the clone`);
  expect(statusIn(await snapflow('wait', name, '--json')).result).toMatchObject({
    vmId: made.resultVm,
    name,
  });
  const late = await snapflow('resolve', name, '--abandon');
  expect(late).toMatchObject({ code: 5, stdout: '' });
  expect(late.stderr).toContain(`The operation ${name} needs no decision: it has succeeded.`);
  expect((await snapflow(...alarms)).code).toBe(0);
  expect(await effectsOn(name)).toEqual(['clone']);
});

test('what a clone made is deleted with --yes, once, and nothing else is', async () => {
  const name = newName();
  const made = statusIn(await snapflow(...clone(name, '--request-id', name, '--json'))).result;
  expect(await snapflow('delete', name)).toMatchObject({ code: 2, stdout: '' });
  const first = await snapflow('delete', name, '--yes', '--json');
  const { vmId } = made as { vmId: string };
  expect(first.code).toBe(0);
  expect(JSON.parse(first.stdout)).toEqual({ id: name, vmId, name, outcome: 'deleted' });
  expect(await snapflow('delete', name, '--yes', '--quiet')).toMatchObject({ code: 0, stdout: `${vmId}\n` });
  expect(await effectsOn(name)).toEqual(['clone', 'delete']);
  const revert = await snapflow('delete', 'back', '--yes');
  expect(revert).toMatchObject({ code: 3, stdout: '' });
  expect(revert.stderr).toContain('it made no machine');
});

test('snapshots are listed newest first, and their ids alone with --quiet', async () => {
  const all = await snapflow('snapshots', '--vm', 'web-01', '--json');
  const { snapshots } = JSON.parse(all.stdout) as {
    snapshots: { snapshotId: string; name: string; createdAt: string; latest?: true }[];
  };
  const created = snapshots.map(({ createdAt }) => createdAt);
  expect(created).toEqual(created.toSorted().toReversed());
  expect(snapshots.filter(({ latest }) => latest).map(({ name }) => name)).toEqual(['nightly-0412']);
  const quiet = await snapflow('snapshots', '--vm', 'web-01', '--quiet');
  expect(quiet.stdout.trimEnd().split('\n')).toEqual(snapshots.map(({ snapshotId }) => snapshotId));
});

test('a second dev on the same port says which port and what to do', async () => {
  const second = await runCli('dev', ...ports);
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/^Port \d+ on 127\.0\.0\.1 is in use: .* choose another with --port\.$/m);
});
