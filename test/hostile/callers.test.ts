import { randomUUID } from 'node:crypto';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, RawValue } from '@temporalio/common';
import {
  deletionWorkflowId,
  MEMO,
  OPERATIONS,
  requestWorkflowId,
  WORKFLOWS,
} from '../../src/contract/operations';
import { startCliWith, type CliEnd } from '../e2e/start-cli';
import { eventually } from '../environment/eventually';
import { openEnvironment } from '../environment/open-environment';
import type { ProcessEnvironment } from '../environment/processes';
import { startRecordingProxy, type RecordingProxy } from './start-recording-proxy';

/** A hundred commands, each a process of its own. */
jest.setTimeout(300_000);

/** A refusal needs no retries: one that takes longer has been taken for an outage. */
const REFUSED_WITHIN_MS = 45_000;
/** A refusal is read in lists and in a history; twenty wrong fields of a request fit. */
const LONGEST_REFUSAL = 4_000;
const MIB = 'x'.repeat(1 << 20);

let environment: ProcessEnvironment;
let vcenter: RecordingProxy;
let appliance: RecordingProxy;

const env = () => ({
  TEMPORAL_ADDRESS: environment.server!.address,
  SNAPFLOW_TASK_QUEUE: environment.taskQueue,
});
const cli = (...args: readonly string[]): Promise<CliEnd> => startCliWith(env(), args).ended;

// A server of its own: what is started here would be alarms to whoever shares it.
beforeAll(async () => {
  environment = await openEnvironment({
    as: 'processes',
    name: 'callers',
    temporal: { own: {} },
    simulator: ['--clone-ms', '300', '--revert-ms', '300'],
    between: async ({ vcenterUrl, applianceUrl }, opened) => {
      vcenter = await opened.keep(startRecordingProxy(vcenterUrl), (each) => each.stop());
      appliance = await opened.keep(startRecordingProxy(applianceUrl), (each) => each.stop());
      return { vcenterUrl: vcenter.url, applianceUrl: appliance.url };
    },
    connections: (settings) => ({ default: settings }),
  });
});

afterAll(() => environment?.close());

const newId = (): string => `call-${randomUUID().slice(0, 8)}`;

/** Everything that a request could change: which machines there are and how each of them is. */
const machines = async (): Promise<unknown> => (await environment.control.state()).inventory;

/** An argument as its bytes are: our converter would refuse to write some of them. */
const raw = (json: string): RawValue =>
  RawValue.fromPayload({
    metadata: { encoding: Buffer.from('json/plain') },
    data: Buffer.from(json),
  });

interface Refusal {
  readonly type: string;
  readonly message: string;
}

/** Starts a workflow as any program can, and tells how it was refused; an error of the test when it was not. */
async function refusalOf(
  type: string,
  workflowId: string,
  input: unknown,
  withinMs = REFUSED_WITHIN_MS,
): Promise<Refusal> {
  const handle = await environment.temporal.workflow.start(type, {
    taskQueue: environment.taskQueue,
    workflowId,
    args: [input],
  });
  const late = setTimeout(() => void handle.terminate('not refused in time'), withinMs);
  try {
    const result: unknown = await handle.result();
    throw new Error(`${type} was not refused but returned ${JSON.stringify(result)}`);
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    let cause: unknown = error.cause;
    while (cause instanceof Error && !(cause instanceof ApplicationFailure)) cause = cause.cause;
    if (cause instanceof ApplicationFailure) return { type: cause.type ?? '', message: cause.message };
    throw new Error(`${type} of ${workflowId.slice(0, 40)}: ${error.cause?.message ?? error.message}`, {
      cause: error,
    });
  } finally {
    clearTimeout(late);
  }
}

const GOOD = { vm: 'web-01', snapshot: 'latest' };
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const many = Array.from({ length: 100_000 }, (_, index) => index);
const manyKeys = Object.fromEntries(many.map((index) => [`k${index}`, 0]));

/** What a request may be that is much too large or of a wrong form; `name` is there for clones. */
const REQUESTS: readonly (readonly [string, (good: object) => unknown])[] = [
  ['a vm of 1 MiB', (good) => ({ ...good, vm: MIB })],
  ['a snapshot of 1 MiB', (good) => ({ ...good, snapshot: MIB })],
  ['a cluster of 1 MiB', (good) => ({ ...good, cluster: MIB })],
  ['a connection of 1 MiB', (good) => ({ ...good, connection: MIB })],
  ['a policy of 1 MiB', (good) => ({ ...good, whenBusy: MIB })],
  ['an unknown field of 1 MiB', (good) => ({ ...good, [MIB]: 1 })],
  ['a list of 100,000 instead of a name', (good) => ({ ...good, cluster: many })],
  ['100,000 unknown fields', (good) => ({ ...good, ...manyKeys })],
  ['a list instead of the request', () => many],
  ['a text of 1 MiB instead of the request', () => MIB],
];

const PROTO = '"__proto__":{"powerOn":true,"requestId":"x","vm":"web-02"}';

async function refused(type: string, workflowId: string, input: unknown): Promise<void> {
  const { type: failure, message } = await refusalOf(type, workflowId, input);
  expect(['RequestInvalid', 'WorkflowInvalid']).toContain(failure);
  expect(message.length).toBeLessThan(LONGEST_REFUSAL);
}

/** That the worker still does what it is for, and nothing of what was refused. */
async function expectHealthy(): Promise<void> {
  const name = newId();
  const before = (await environment.control.ledger()).length;
  const { code, stderr } = await cli('clone', '--vm', 'web-01', '--snapshot', 'latest', '--name', name);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect((await environment.control.ledger()).slice(before)).toMatchObject([{ kind: 'clone', name }]);
}

/** For a group of tests: nothing is changed by all of them together, and the worker is well afterwards. */
function changingNothing(): void {
  let before: unknown;
  beforeAll(async () => {
    before = [await environment.control.ledger(), await machines()];
  });
  afterAll(async () => {
    expect([await environment.control.ledger(), await machines()]).toEqual(before);
    await expectHealthy();
  });
}

describe.each([
  [OPERATIONS.clone.workflow, () => ({ ...GOOD, name: newId() })],
  [OPERATIONS.revert.workflow, () => GOOD],
] as const)('%s refuses, and changes nothing, for', (type, goodOne) => {
  changingNothing();
  const start = (input: unknown, requestId: string): Promise<void> =>
    refused(type, requestWorkflowId('default', requestId), input);
  /** A good request as JSON, open for more. */
  const open = (): string => JSON.stringify(goodOne()).slice(0, -1);

  test.concurrent.each(REQUESTS)('%s', (_title, request) => {
    const requestId = newId();
    return start({ requestId, request: request(goodOne()) }, requestId);
  });

  test.concurrent.each([
    ['a request id of 1 MiB', (_id: string) => ({ requestId: MIB, request: goodOne() })],
    ['a name of 1 MiB', (requestId: string) => ({ requestId, request: { ...goodOne(), name: MIB } })],
    ['a list of 100,000', () => many],
    ['a text of 1 MiB', () => MIB],
    ['nothing', () => null],
    [
      'a nesting of 4,000',
      (id: string) => raw(`{"requestId":"${id}","request":${open()},"deep":${deep(4_000)}}}`),
    ],
    ['a nesting of 200,000 as the input', () => raw(deep(200_000))],
    [
      'a nesting of 200,000 in an unknown field of the request',
      (id: string) => raw(`{"requestId":"${id}","request":${open()},"deep":${deep(200_000)}}}`),
    ],
    [
      'a nesting of 200,000 besides the request',
      (id: string) => raw(`{"requestId":"${id}","request":${open()}},"deep":${deep(200_000)}}`),
    ],
    [
      'a run before of 1 MiB',
      (requestId: string) => ({ requestId, request: goodOne(), again: { afterRunId: MIB } }),
    ],
    [
      'a run before that is none',
      (requestId: string) => ({ requestId, request: goodOne(), again: { afterRunId: 'x' } }),
    ],
    ['a run before that is nothing', (requestId: string) => ({ requestId, request: goodOne(), again: null })],
    [
      'a __proto__ in the request',
      (id: string) => raw(`{"requestId":"${id}","request":${open()},${PROTO}}}`),
    ],
    ['a __proto__ instead of both', () => raw(`{${PROTO}}`)],
    ['a __proto__ besides both', (id: string) => raw(`{"requestId":"${id}","request":${open()}},${PROTO}}`)],
  ])('%s', (_title, input) => {
    const requestId = newId();
    return start(input(requestId), requestId);
  });
});

/** Of everything that can be asked read-only. */
const QUERIES: readonly (readonly [string, unknown])[] = [
  ['a vm of 1 MiB', { query: { kind: 'snapshots', vm: MIB } }],
  ['a list of 100,000 as the vm', { query: { kind: 'snapshots', vm: many } }],
  [
    'a plan of a vm of 1 MiB',
    { query: { kind: 'plan', operation: 'revert', request: { ...GOOD, vm: MIB } } },
  ],
  ['a plan with 100,000 unknown fields', { query: { kind: 'plan', operation: 'revert', request: manyKeys } }],
  ['an unknown field of 1 MiB', { query: { kind: 'doctor', [MIB]: 1 } }],
  ['a list of 100,000', many],
  ['nothing', null],
  ['a nesting of 200,000 as the input', raw(deep(200_000))],
  ['a nesting of 200,000 in a query', raw(`{"query":{"kind":"doctor","deep":${deep(200_000)}}}`)],
  ['a __proto__ as the query', raw(`{"query":{"kind":"doctor",${PROTO}}}`)],
];

const DELETIONS: readonly (readonly [string, unknown])[] = [
  ['a request id of 1 MiB', { requestId: MIB, connection: 'default', vmId: 'vm-1001' }],
  ['a connection of 1 MiB', { requestId: 'x', connection: MIB, vmId: 'vm-1001' }],
  ['a list of 100,000', many],
  ['a list of 100,000 as the machine', { requestId: 'x', connection: 'default', vmId: many }],
  ['nothing', null],
  ['a nesting of 200,000 as the input', raw(deep(200_000))],
  ['a __proto__ instead of all', raw(`{${PROTO}}`)],
];

describe('the workflows that are no operations refuse, and change nothing, for', () => {
  changingNothing();

  test.concurrent.each(QUERIES)('a question with %s', (_title, input) =>
    refused(WORKFLOWS.inspect, newId(), input),
  );

  test.concurrent.each(DELETIONS)('a deletion with %s', (_title, input) =>
    refused(WORKFLOWS.deleteVmOfClone, deletionWorkflowId('default', newId()), input),
  );

  test.concurrent('a machine that no clone made', () => {
    const requestId = newId();
    const input = { requestId, connection: 'default', vmId: 'vm-1001' };
    return refused(WORKFLOWS.deleteVmOfClone, deletionWorkflowId('default', requestId), input);
  });
});

/** Would be another path, another query or another header, where it was not encoded. */
const LEAVING = [
  '../vm-1001',
  '..',
  '.',
  '..%2f..%2fvm-1001',
  'vm-1001/power',
  'vm-1001?action=delete',
  'vm-1001#x',
  'vm-1001%00',
  'vm-1001;x=1',
  'vm-1001%0d%0aX-Evil: 1',
  String.raw`..\vm-1001`,
  '//evil.example/x',
  'http://evil.example/',
  'names=web-01&names=web-02',
];
const BROKEN = ['vm-1001\r\nX-Evil: 1', 'vm-1001\u0000', 'vm\n1'];

/** A request's first line with ids and values left out. */
function shape(line: string): string {
  const [method = '', target = ''] = line.split(' ');
  const [path = '', query = ''] = target.split('?');
  const segments = path.split('/').map((segment) => (/\d/.test(segment) ? ID : segment));
  const names = [...new Set(query === '' ? [] : query.split('&').map((pair) => pair.split('=')[0] ?? ''))];
  return `${method} ${segments.join('/')}?${names.toSorted().join('&')}`;
}
const ID = '{id}';

describe('a name or id that would leave its place in a request', () => {
  /** What requests look like when nothing is evil. */
  let usual: ReadonlySet<string>;
  let before: unknown;
  const lines = (): string[] => [...vcenter.lines, ...appliance.lines];
  const forget = (): void => {
    vcenter.lines.length = 0;
    appliance.lines.length = 0;
  };

  beforeAll(async () => {
    forget();
    const place = {
      folder: 'production',
      resourcePool: 'resgroup-20',
      host: 'host-12',
      cluster: 'domain-c8',
    };
    for (const request of [
      { ...GOOD, name: newId() },
      { ...GOOD, name: newId(), vm: 'vm-1001', snapshot: 'nightly-0412', ...place },
      { ...GOOD, name: newId(), folder: 'group-v101' },
      { ...GOOD, name: newId(), folder: 'group-v9999' },
      { ...GOOD, name: newId(), host: 'host-62' },
      { ...GOOD, name: newId(), resourcePool: 'resgroup-70' },
    ]) {
      const query = { kind: 'plan', operation: 'clone', request };
      await environment.temporal.workflow
        .execute(WORKFLOWS.inspect, {
          taskQueue: environment.taskQueue,
          workflowId: newId(),
          args: [{ query }],
        })
        .catch((error: unknown) => expect(error).toBeInstanceOf(WorkflowFailedError));
    }
    usual = new Set(lines().map(shape));
    before = [await environment.control.ledger(), await machines()];
  });
  beforeEach(forget);
  afterEach(async () => {
    for (const line of lines()) {
      const [path = '', query = ''] = line.split('?');
      expect(path).not.toMatch(/\.\.|%|;|evil|\/\//i);
      expect([...usual]).toContain(shape(line));
      for (const smuggled of ['web-02', 'delete'])
        expect([...new URLSearchParams(query).values()]).not.toContain(smuggled);
    }
    for (const { headerNames } of [vcenter, appliance]) expect([...headerNames]).not.toContain('x-evil');
    expect([await environment.control.ledger(), await machines()]).toEqual(before);
  });

  test.each(['vm', 'snapshot', 'cluster', 'folder', 'resourcePool', 'host'])(
    'as the %s of a clone',
    async (field) => {
      const refuses = async (value: string): Promise<void> => {
        const requestId = newId();
        const request = { ...GOOD, name: newId(), [field]: value };
        const { type } = await refusalOf(OPERATIONS.clone.workflow, requestWorkflowId('default', requestId), {
          requestId,
          request,
        });
        expect([value, type]).toEqual([
          value,
          expect.stringMatching(/^(?:RequestInvalid|ObjectNotFound|PlacementInvalid)$/),
        ]);
      };
      await Promise.all([...LEAVING, ...BROKEN].map(refuses));
      expect(lines().length).toBeGreaterThan(0);
    },
  );

  test('as the id of a request', async () => {
    const refuses = async (requestId: string): Promise<void> => {
      // The machine is missing, so that nothing is cloned where the id itself is fine.
      const request = { ...GOOD, vm: 'nope', name: newId() };
      const { type } = await refusalOf(OPERATIONS.clone.workflow, requestWorkflowId('default', requestId), {
        requestId,
        request,
      });
      expect([requestId, type]).toEqual([
        requestId,
        BROKEN.includes(requestId) ? 'WorkflowInvalid' : 'ObjectNotFound',
      ]);
    };
    await Promise.all([...LEAVING, ...BROKEN].map(refuses));
    expect(lines().length).toBeGreaterThan(0);
  });

  test('as the id of an operation that is not there', async () => {
    for (const id of LEAVING.slice(0, 6)) {
      const { code, stdout, stderr } = await cli('status', `${id}-`);
      expect({ code, stdout, stderr }).toEqual({
        code: 3,
        stdout: '',
        stderr: expect.stringMatching(/^No operation with the id .* is known/),
      });
    }
    expect(lines()).toEqual([]);
  });
});

/** Everything but line feeds that a terminal acts on or does not show. */
const STEERING = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?!\n)\p{Cc}/u;
/** Clears the screen, sets the title, forges a line, turns the text around, hides; C0, C1 and beyond the first plane. */
const STEER = '\u001B[2J\u001B]0;x\u0007\r\nok\u009B31m\u0085\u202E\u2066\u200B\uFEFF\u{E0041}\u2028\u007F';
/** What requests may contain: no control characters. */
const TURNED = '\u202E\u200B\u2066\u{E0041}';

/** Every command with a positional, and what it needs besides. */
const POSITIONALS: readonly (readonly [string, ...string[]])[] = [
  ['status'],
  ['wait'],
  ['cancel'],
  ['resolve', '--abandon'],
  ['delete', '--yes'],
  ['explain'],
  ['completion'],
];
const OPTION_LIKE = ['-x', '--nope', '--abandonx=1', '-rf', '--\u001B[2J\u202E'];

describe('an argument that begins as an option', () => {
  const started = async (): Promise<number> => (await environment.temporal.workflow.count()).count;

  test.each(POSITIONALS)('is an unknown option for %s, and nothing is started', async (command, ...more) => {
    const before = await started();
    for (const argument of OPTION_LIKE) {
      const end = await cli(command, argument, ...more);
      expect(end).toMatchObject({ code: 2, stdout: '' });
      expect(end.stderr).toMatch(/^-.* is no option[.:]/);
      expect(end.stderr).not.toMatch(STEERING);
    }
    expect(await started()).toBe(before);
  });

  test.each(POSITIONALS)('is the argument behind -- for %s', async (command, ...more) => {
    const { code, stdout, stderr } = await cli(command, ...more, '--', '-x');
    const takesWords = command === 'explain' || command === 'completion';
    expect({ code, stdout }).toEqual({ code: takesWords ? 2 : 3, stdout: '' });
    expect(stderr).toMatch(
      takesWords ? /^<\w+> is "-x": give one of / : /^No operation with the id -x is known/,
    );
  });

  test('can be the id of an operation: the command that is printed finds it', async () => {
    const options = ['--vm', 'web-01', '--snapshot', 'latest', '--name', newId(), '--no-wait'];
    const start = await cli('clone', ...options, '--request-id', '-x');
    expect(start).toMatchObject({ code: 0, stdout: '-x\n' });
    const printed = /snapflow (wait .*?)(?: · .*)?\n$/.exec(start.stderr)?.[1]?.split(' ') ?? [];
    expect(printed).toEqual(['wait', '--', '-x']);
    expect(await cli('wait', '--quiet', ...printed.slice(1))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^vm-\d+\n$/),
    });
  });
});

describe('what steers a terminal', () => {
  const evilId = `evil${STEER}id`;
  const turnedId = `turned${TURNED}id`;
  /** Control characters are refused in the ids that commands are given, format characters are not. */
  const turnedForeign = `foreign${TURNED}id`;
  const request = { vm: `vm${STEER}`, snapshot: `snap${STEER}`, name: `name${STEER}` };
  const ends: [string, CliEnd][] = [];
  const run = async (...args: string[]): Promise<CliEnd> => {
    const end = await cli(...args);
    ends.push([args.join(' '), end]);
    return end;
  };
  const foreign = async (
    id: string,
    memo: Record<string, unknown>,
    workflowId = requestWorkflowId('default', id),
  ) =>
    environment.temporal.workflow.start(OPERATIONS.clone.workflow, {
      taskQueue: 'nobody',
      workflowId,
      args: [],
      memo,
    });

  beforeAll(async () => {
    await foreign(evilId, { [MEMO.requestId]: evilId, [MEMO.request]: request });
    await foreign('asks', {
      [MEMO.requestId]: `asks${STEER}`,
      [MEMO.request]: request,
      [MEMO.state]: 'needs-decision',
      [MEMO.question]: { runId: 'r', question: 1, why: `why${STEER}`, candidates: [`task${STEER}`] },
    });
    const ended = await foreign('ended', { [MEMO.requestId]: `ended${STEER}`, [MEMO.request]: request });
    await ended.terminate(`why${STEER}`);
    // Of the right type with a memo of wrong ones.
    await foreign('wrong', {
      [MEMO.requestId]: { a: 1 },
      [MEMO.request]: [1, 2],
      [MEMO.state]: 'needs-decision',
      [MEMO.question]: { runId: 'r', question: 1, why: { a: STEER }, candidates: `c${STEER}` },
      [MEMO.left]: 7,
    });
    await foreign('huge', {
      [MEMO.requestId]: MIB.slice(0, 100_000),
      [MEMO.request]: { vm: manyKeys, name: MIB.slice(0, 100_000) },
    });
    await foreign('bare', {});
    await foreign(turnedForeign, { [MEMO.requestId]: turnedForeign, [MEMO.request]: request });
    await environment.control.vm('vm-1002', { name: `name${STEER}` });
    await eventually(
      'all of them are listed',
      async () => (await environment.temporal.workflow.count('TaskQueue = "nobody"')).count === 7,
    );
  });

  afterEach(() => {
    expect(ends.length).toBeGreaterThan(0);
    for (const [line, { stdout, stderr }] of ends.splice(0)) {
      expect([line, STEERING.exec(stdout)?.index]).toEqual([line, undefined]);
      expect([line, STEERING.exec(stderr)?.index]).toEqual([line, undefined]);
    }
  });

  const FOREIGN = ['wrong', 'asks', 'ended', 'huge', 'bare', turnedForeign];
  const FORMATS: string[][] = [['--quiet'], [], ['-o', 'json'], ['-o', 'jsonl']];
  /** A refusal of wrong words is the same in every format. */
  const isTable = (format: readonly string[]): boolean => format.length === 0;
  const rowsOf = (format: readonly string[], { stdout }: CliEnd): Record<string, unknown>[] => {
    if (format.includes('json')) return [JSON.parse(stdout)].flat() as Record<string, unknown>[];
    if (!format.includes('jsonl')) return [];
    const lines = stdout.trimEnd().split('\n').slice(1);
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  test.each(FORMATS)('is shown harmlessly by list, and exact in data (%#)', async (...format) => {
    const end = await run('list', ...format);
    expect(end.code).toBe(0);
    const row = rowsOf(format, end).find(
      ({ workflowId }) => workflowId === requestWorkflowId('default', evilId),
    );
    if (format.includes('-o')) expect(row).toMatchObject({ id: evilId, ...request });
    else expect(end.stdout.split('\n').filter((line) => line.startsWith('evil'))).toHaveLength(1);
    await run('list', '--vm', request.vm, ...format);
    await run('list', '--state', `x${STEER}`, ...format);
  });

  test.each(FORMATS)('is shown harmlessly by status, wait, resolve and delete (%#)', async (...format) => {
    for (const id of isTable(format) ? FOREIGN : FOREIGN.slice(0, 2)) {
      const status = await run('status', id, ...format);
      expect(`${id}: ${status.stderr}`).not.toMatch(/is not a function|Cannot read|undefined/);
      if (format.includes('-o')) expect(rowsOf(format, status)).toMatchObject([{ id }]);
    }
    const [asked] = rowsOf(format, await run('wait', 'asks', ...format)).slice(-1);
    if (format.includes('-o'))
      expect(asked).toMatchObject({
        failure: { details: { why: `why${STEER}`, candidates: [`task${STEER}`] } },
      });
    if (!isTable(format)) return;
    expect((await run('wait', turnedForeign, '--timeout', '1ms', ...format)).code).toBe(7);
    expect((await run('delete', turnedForeign, '--yes', ...format)).code).toBe(3);
    for (const command of [['status'], ['wait'], ['cancel'], ['delete', '--yes'], ['resolve', '--abandon']])
      expect((await run(...command, evilId, ...format)).code).toBe(2);
    expect((await run('resolve', turnedForeign, '--task', 'task-1', ...format)).code).toBe(5);
    expect((await run('resolve', 'asks', '--task', `t${STEER}`, ...format)).code).toBe(2);
    expect((await run('status', `none${TURNED}`, ...format)).code).toBe(3);
    expect((await run('explain', evilId, ...format)).code).toBe(2);
  });

  test.each(FORMATS.slice(1, 3))(
    'is shown harmlessly by doctor, setup, snapshots and plans (%#)',
    async (...format) => {
      const doctor = await run('doctor', ...format);
      if (format.includes('-o'))
        expect(rowsOf(format, doctor)).toContainEqual(expect.objectContaining({ subject: `ended${STEER}` }));
      await run('setup', ...format);
      const [snapshots] = rowsOf(format, await run('snapshots', '--vm', 'vm-1002', ...format));
      if (format.includes('-o')) expect(snapshots).toMatchObject({ vmName: `name${STEER}` });
      const target = ['--vm', 'vm-1002', '--snapshot', 'nightly-0412', '--plan', ...format];
      const [plan] = rowsOf(format, await run('revert', ...target, '--yes'));
      if (format.includes('-o')) expect(plan).toMatchObject({ vmName: `name${STEER}` });
      const [clone] = rowsOf(format, await run('clone', ...target, '--name', 'turned'));
      if (format.includes('-o')) expect(clone).toMatchObject({ vmName: `name${STEER}`, name: 'turned' });
      expect((await run('clone', ...target, '--name', turnedId)).code).toBe(2);
      if (!isTable(format)) return;
      for (const option of [
        '--vm',
        '--snapshot',
        '--name',
        '--request-id',
        '--folder',
        '--deadline',
        '--on-cancel',
      ])
        expect(
          (
            await run(
              'clone',
              '--vm',
              'web-01',
              '--snapshot',
              'latest',
              '--name',
              'x',
              option,
              STEER,
              ...format,
            )
          ).code,
        ).toBe(2);
      for (const where of ['--address', '--namespace', '--profile', '--output'])
        await run('snapshots', '--vm', STEER, where, `x${STEER}`, ...format);
    },
  );

  test('is shown harmlessly by an operation from its start to the deletion of what it made', async () => {
    const options = ['--vm', 'web-01', '--snapshot', 'latest', '--name', 'turned', '--request-id', turnedId];
    expect((await run('clone', ...options, '--no-wait')).code).toBe(0);
    expect((await run('clone', ...options)).code).toBe(0);
    const data = await run('clone', ...options, '-o', 'json');
    expect(rowsOf(['json'], data)).toMatchObject([{ id: turnedId, result: { name: 'turned' } }]);
    await run('cancel', turnedId);
    expect((await run('cancel', turnedForeign)).code).toBe(0);
    expect((await run('delete', turnedId, '--yes', '-o', 'json')).code).toBe(0);
    expect((await run('delete', turnedId, '--yes')).code).toBe(0);
  });

  test('is shown harmlessly by a worker that cannot start', async () => {
    await run('worker', '--address', `x${STEER}`);
    await run('worker', '--profile', `x${STEER}`);
  });
});
