import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { freePort } from '../../packages/dev-server/src/start-dev-server';
import { eventually } from '../environment/eventually';
import { familyOf, parseMetrics, type Scrape } from './parse-metrics';
import { openEnvironment } from '../environment/open-environment';
import { SHORT, type ProcessEnvironment } from '../environment/processes';
import { startCliWith } from './start-cli';

/** Gauges are read every 15 s, and a worker starts in seconds on a busy machine. */
jest.setTimeout(180_000);
const READ_WITHIN_MS = 60_000;

const ROOT = join(__dirname, '../..');
const unique = randomUUID().slice(0, 8);
const [lab, locked] = [`lab-${unique}`, `locked-${unique}`];

let environment: ProcessEnvironment;
let url: string;
let last: Scrape;

const read = async (): Promise<Scrape> => parseMetrics(await (await fetch(url)).text());

type Labels = Readonly<Record<string, string>>;

/** The sum of a metric's samples that have these labels. */
const sumOf = ({ samples }: Scrape, wanted: string, labels: Labels = {}): number =>
  samples
    .filter(
      (sample) =>
        sample.name === wanted &&
        Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);

const failureTypeOf = (run: { result(): Promise<unknown> }): Promise<unknown> =>
  run.result().then(
    () => 'succeeded',
    (error: { failure?: { type?: string } }) => error.failure?.type,
  );

const clone = (name: string, connection: string, vm = 'web-01') =>
  environment.snapflow.clone(
    { connection, vm, snapshot: 'latest', name },
    { requestId: `${name}-${unique}` },
  );

beforeAll(async () => {
  const port = await freePort('127.0.0.1');
  url = `http://127.0.0.1:${port}/metrics`;
  environment = await openEnvironment({
    as: 'processes',
    name: 'metrics',
    simulator: ['--clone-ms', '300', '--revert-ms', '300'],
    operation: { ...SHORT, quarantineMs: 1_000 },
    connections: (settings) => ({ [lab]: settings, [locked]: { ...settings, password: 'not this one' } }),
    workerEnv: { SNAPFLOW_METRICS_PORT: String(port) },
  });
});

afterAll(() => environment?.close());

test('before anything ran, what an alert compares with is there and zero', async () => {
  last = await eventually('the gauges were read', async () => {
    const scrape = await read();
    return sumOf(scrape, 'snapflow_open_operations_read_at') > 0 ? scrape : undefined;
  });
  const zero = (name: string, labels: Labels) =>
    expect(
      last.samples.filter(
        (sample) =>
          sample.name === name &&
          Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
      ),
    ).toEqual([expect.objectContaining({ value: 0 })]);
  for (const operation of ['clone', 'revert'])
    zero('snapflow_operations_total', { operation, outcome: 'CompensationIncomplete' });
  zero('snapflow_vsphere_logins_total', { connection: lab, outcome: 'login-refused' });
  zero('snapflow_watched_tasks', { connection: lab });
  zero('snapflow_open_operations', { state: 'needs-decision' });
});

test('operations that succeed, fail and need a decision are counted, with the calls and logins that they took', async () => {
  await (await clone('counted', lab)).result();
  const revert = await environment.snapflow.revert(
    { connection: lab, vm: 'app-01', snapshot: 'latest' },
    { requestId: `reverted-${unique}` },
  );
  await revert.result();
  expect(await failureTypeOf(await clone('lost', lab, 'no-such-vm'))).toBe('ObjectNotFound');
  expect(await failureTypeOf(await clone('locked', locked))).toBe('Unauthenticated');
  await environment.control.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
  const undecided = await clone('undecided', lab);
  const made = await eventually('it is made', async () =>
    (await environment.control.ledger()).find(({ kind, name }) => kind === 'clone' && name === 'undecided'),
  );
  await environment.control.task(made.task ?? '', { hide: true });
  last = await eventually(
    'the decision is asked for',
    async () => {
      const scrape = await read();
      return sumOf(scrape, 'snapflow_open_operations', { state: 'needs-decision' }) === 1
        ? scrape
        : undefined;
    },
    READ_WITHIN_MS,
  );
  const operations = (operation: string, outcome: string) =>
    sumOf(last, 'snapflow_operations_total', { operation, outcome });
  expect(operations('clone', 'succeeded')).toBe(1);
  expect(operations('revert', 'succeeded')).toBe(1);
  expect(operations('clone', 'ObjectNotFound')).toBe(1);
  expect(operations('clone', 'Unauthenticated')).toBe(1);
  expect(sumOf(last, 'snapflow_operations_total')).toBe(4);
  expect(sumOf(last, 'snapflow_conditions_total', { operation: 'clone', condition: 'needs-decision' })).toBe(
    1,
  );
  const logins = (connection: string, outcome: string) =>
    sumOf(last, 'snapflow_vsphere_logins_total', { connection, outcome });
  expect(logins(lab, 'ok')).toBeGreaterThanOrEqual(2);
  expect(logins(lab, 'login-refused')).toBe(0);
  expect(logins(locked, 'login-refused')).toBe(1);
  expect(logins(locked, 'ok')).toBe(0);
  const calls = (labels: Labels) => sumOf(last, 'snapflow_vsphere_calls_total', labels);
  const posts = { connection: lab, host: 'appliance', operation: 'linkedClone' };
  expect(calls({ ...posts, outcome: '2xx' })).toBe(1);
  // The one whose reply was cut off.
  expect(calls({ ...posts, outcome: 'broken' })).toBe(1);
  expect(calls({ connection: locked, outcome: '4xx' })).toBe(1);
  expect(calls({})).toBe(sumOf(last, 'snapflow_vsphere_call_duration_seconds_count'));
  const phases = (phase: string) =>
    sumOf(last, 'snapflow_phase_duration_seconds_count', { operation: 'clone', phase });
  expect(phases('wait')).toBe(1);
  expect(phases('verify')).toBe(1);
  // Of the one that succeeded and the two that failed there.
  expect(phases('prepare')).toBe(4);
  await undecided.resolve({ kind: 'vm', vmId: made.resultVm ?? '' });
  await undecided.result();
  await eventually(
    'the gauge falls',
    async () => {
      const scrape = await read();
      return sumOf(scrape, 'snapflow_open_operations') === 0 && scrape;
    },
    READ_WITHIN_MS,
  );
});

test("Temporal's own names have the three suffixes that its dashboards look for", () => {
  for (const name of [
    'temporal_workflow_completed_total',
    'temporal_workflow_failed_total',
    'temporal_activity_execution_latency_seconds_bucket',
    'temporal_activity_schedule_to_start_latency_seconds_bucket',
    'temporal_workflow_task_schedule_to_start_latency_seconds_bucket',
    'temporal_request_latency_seconds_bucket',
  ])
    expect({ name, samples: last.samples.filter((sample) => sample.name === name).length }).not.toEqual({
      name,
      samples: 0,
    });
  // Seconds, not milliseconds: nothing here took ten minutes.
  for (const { name, labels, value } of last.samples)
    if (name === 'temporal_activity_execution_latency_seconds_bucket' && labels['le'] !== '+Inf')
      expect({ name, le: Number(labels['le']), value }).toMatchObject({ le: expect.any(Number) });
  expect(sumOf(last, 'temporal_activity_execution_latency_seconds_sum')).toBeLessThan(600);
});

test('no label of ours names a machine, an id or a user: their number stays bounded', () => {
  const own = last.samples.filter(({ name }) => name.startsWith('snapflow_'));
  const allowed = new Set(
    'connection host operation outcome phase condition state le namespace taskQueue workflowType service_name'.split(
      ' ',
    ),
  );
  expect(
    [...new Set(own.flatMap(({ labels }) => Object.keys(labels)))].filter((key) => !allowed.has(key)),
  ).toEqual([]);
  const values = new Set(own.flatMap(({ labels }) => Object.values(labels)));
  expect([...values].filter((value) => /web-01|app-01|vm-\d|task-|counted|undecided|@/.test(value))).toEqual(
    [],
  );
});

test('a second worker on the same port ends with exit code 2 and one sentence', async () => {
  const { port } = new URL(url);
  const end = await startCliWith(environment.workerEnv as Record<string, string>, ['worker']).ended;
  expect(end.code).toBe(2);
  expect(end.stderr).toMatch(
    new RegExp(`SNAPFLOW_METRICS_PORT is ${port}, which cannot be opened on 127.0.0.1 .*: choose another\\.`),
  );
});

const PAGE = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');

test('docs/operations.md has a row for each of our metrics, and for no other', () => {
  const documented = [...PAGE.matchAll(/^\| `(snapflow_\w+)`/gm)].map(([, name = '']) => name);
  const scraped = [...last.types.keys()].filter((name) => name.startsWith('snapflow_'));
  expect(documented.toSorted()).toEqual(scraped.toSorted());
});

test('every metric of the alert rules is in the scrape, with the labels that the rule asks for', () => {
  const { groups } = parse(readFileSync(join(ROOT, 'docs/alerts.yaml'), 'utf8')) as {
    groups: { name: string; rules: { alert: string; expr: string; for?: string; annotations: Labels }[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThanOrEqual(8);
  for (const { alert, expr, annotations } of rules) {
    expect(annotations).toMatchObject({ summary: expect.any(String), description: expect.any(String) });
    const uses = [...expr.matchAll(/\b((?:snapflow|temporal)_\w+)(?:\{([^}]*)\})?/g)];
    expect({ alert, uses: uses.length }).not.toEqual({ alert, uses: 0 });
    for (const [, name = '', matchers = ''] of uses) {
      const found = last.samples.filter((sample) => sample.name === name);
      expect({
        alert,
        name,
        found: found.length > 0,
        type: last.types.has(familyOf(name, last.types)),
      }).toEqual({
        alert,
        name,
        found: true,
        type: true,
      });
      for (const [, label = '', text = ''] of matchers.matchAll(/(\w+)="([^"]*)"/g))
        expect({ alert, label, text, values: found.map(({ labels }) => labels[label]) }).toMatchObject({
          values: expect.arrayContaining([text]),
        });
    }
    const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/,\s*/));
    // Prometheus adds the name of the job itself.
    const labels = new Set(['job', ...last.samples.flatMap(({ labels }) => Object.keys(labels))]);
    expect(grouped.filter((label) => !labels.has(label))).toEqual([]);
  }
});
