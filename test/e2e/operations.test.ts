import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { CloneHandle } from '../../src/client';
import { startChildGroup, type ChildGroup } from '../../packages/dev-server/src/child-group';
import { findTemporalBinary } from '../../packages/dev-server/src/find-temporal';
import { freePort } from '../../packages/dev-server/src/start-dev-server';
import { eventually } from '../environment/eventually';
import { blocksOf, onlyBlock, pageBlocks } from '../pages/page-blocks';
import { openEnvironment } from '../environment/open-environment';
import { SHORT, type ProcessEnvironment } from '../environment/processes';
import { CLEAN_ENV } from '../environment/program';
import { QUICK_MS, waitingClone } from '../environment/waiting-clone';
import { playLine } from '../pages/run-line';

/** Each command is a fresh process, and a blockage is shown after half a minute. */
jest.setTimeout(180_000);

const ROOT = join(__dirname, '../..');
const PAGE = 'docs/operations.md';

const OPERATION = { ...SHORT, waitBudgetMs: 10_000 };
/** A blockage shows after half a minute. */
const SHOWN_WITHIN_MS = 60_000;
/** 15 s for a start, cut after 20 s, and the logout takes at most 3 s. */
const DRAINED_WITHIN_MS = 25_000;

let environment: ProcessEnvironment;
let worker: ChildGroup;
let env: NodeJS.ProcessEnv;
/** What stands on the page for what is here. */
let here: readonly (readonly [string, string])[];
const folder = mkdtempSync(join(tmpdir(), 'snapflow-operations-'));

const asHere = (text: string): string =>
  here.reduce((sofar, [there, mine]) => sofar.replaceAll(there, mine), text);

/** Plays the block of the page, each line held to its comment; `also` replaces what only this run knows. */
async function play(label: string, also: readonly (readonly [string, string])[] = []): Promise<void> {
  for (const line of onlyBlock(PAGE, `sh ${label}`)) {
    const mine = also.reduce((text, [from, to]) => text.replaceAll(from, to), asHere(line));
    await playLine(mine, ROOT, env);
  }
}

beforeAll(async () => {
  const { path: temporal } = await findTemporalBinary();
  environment = await openEnvironment({
    as: 'processes',
    name: 'operations',
    temporal: { own: {} },
    // The page's worker and commands name none.
    taskQueue: 'snapflow',
    simulator: ['--clone-ms', String(QUICK_MS)],
    workers: 0,
  });
  const address = environment.server?.address ?? '';
  const passwordFile = join(folder, 'vsphere');
  const configFile = join(folder, 'worker.yaml');
  const health = await freePort('127.0.0.1');
  const metrics = await freePort('127.0.0.1');
  here = [
    // npx would add its own second to each of thirty lines: the tests of README.md and of the package start it.
    ['npx snapflow', 'node dist/cli/main.js'],
    ['temporal.example.com:7233', address],
    ['/etc/snapflow/worker.yaml', configFile],
    ['/run/secrets/vsphere', passwordFile],
    ['8080', String(health)],
    ['9464', String(metrics)],
  ];
  writeFileSync(passwordFile, `${environment.site.password}\n`, { mode: 0o600 });
  writeFileSync(configFile, stringify(configuration(passwordFile)));
  env = {
    ...CLEAN_ENV,
    PATH: `${dirname(temporal)}:${process.env['PATH']}`,
    TEMPORAL_ADDRESS: address,
    NEW_PASSWORD: 'rotated',
  };
  const script = onlyBlock(PAGE, 'sh deploy').map(asHere).join('\n');
  worker = await startChildGroup('sh', ['-c', script], { cwd: ROOT, env: CLEAN_ENV });
  env['WORKER_PID'] = String(worker.pid);
  await eventually('the worker is ready', () => worker.output().includes('worker ready'), 40_000);
});

/** The page's, for this simulator and with times of a test. */
function configuration(passwordFile: string): object {
  const page = parse(onlyBlock(PAGE, 'yaml').join('\n')) as { connections: { default: object } };
  const { vcenterUrl, applianceUrl, username } = environment.site;
  const { caFile: _, ...kept } = page.connections.default as Record<string, unknown>;
  const mine = { ...kept, vcenterUrl, applianceUrl, username, passwordFile, operation: OPERATION };
  return { connections: { default: mine } };
}

afterEach(async () => {
  await environment.control.clearFaults();
  await environment.control.settings({ cloneMs: QUICK_MS });
});

afterAll(async () => {
  await worker?.stop(1_000);
  await environment?.close();
  rmSync(folder, { recursive: true });
});

const start = (number: number): Promise<CloneHandle> =>
  environment.snapflow.clone(
    { vm: 'web-01', snapshot: 'latest', name: `ci-${number}` },
    { requestId: `build-${number}` },
  );

const clonesNamed = (name: string) => environment.control.clonesNamed(name);
const waiting = (number: number) => waitingClone(environment, `ci-${number}`, `build-${number}`);

/** Reads in this process, where a line that waits for the same would start one program after the other. */
const comesTo = (clone: CloneHandle, condition: 'overdue' | 'blocked') =>
  eventually(
    `it is ${condition}`,
    async () => (await clone.describe()).condition === condition,
    SHOWN_WITHIN_MS,
  );

/** Runs the block while the clone waits, then lets its task end. */
const whileWaiting = (number: number, label: string, condition?: 'overdue') => async (): Promise<void> => {
  const { clone, end } = await waiting(number);
  if (condition !== undefined) await comesTo(clone, condition);
  await play(label);
  await end();
  await clone.result();
  expect(await clonesNamed(`ci-${number}`)).toHaveLength(1);
};

const SCENES: Readonly<Record<string, () => Promise<void>>> = {
  deploy: async () => expect(worker.hasEnded()).toBe(false),
  probe: () => play('probe'),
  metrics: () => play('metrics'),
  alarm: () => play('alarm', [['# exit code 1 when there are any', '']]),
  rotate: async () => {
    await environment.control.user(environment.site.username, { password: 'rotated' });
    await environment.control.expireSessions();
    await play('rotate');
    expect(readFileSync(join(folder, 'vsphere'), 'utf8')).toBe('rotated\n');
  },
  look: whileWaiting(60, 'look'),
  queued: async () => {
    const holder = await waiting(610);
    const request = { vm: 'web-01', snapshot: 'latest', name: 'ci-610' };
    await environment.snapflow.clone(request, { requestId: 'build-61' });
    await play('queued');
    await holder.end();
    await holder.clone.result();
    expect(await clonesNamed('ci-610')).toHaveLength(1);
  },
  overdue: whileWaiting(62, 'overdue', 'overdue'),
  blocked: async () => {
    const { clone, end } = await waiting(63);
    for (const operation of ['tasks.get', 'tasks.list'])
      await environment.control.fault({ operation, position: 'before', action: { status: 503 } });
    await comesTo(clone, 'blocked');
    await play('blocked');
    await environment.control.clearFaults();
    await end();
    // The whole connection asks again only after half a minute.
    await clone.result();
    expect(await clonesNamed('ci-63')).toHaveLength(1);
  },
  'needs-decision': async () => {
    await environment.control.fault({
      operation: 'linkedClone',
      position: 'after',
      action: 'reset',
      count: 1,
    });
    const clone = await start(64);
    const made = await eventually('it is made', async () => (await clonesNamed('ci-64'))[0]);
    await environment.control.task(made.task ?? '', { hide: true });
    await play('needs-decision', [['vm-2001', made.resultVm ?? '']]);
    expect(await clone.result()).toMatchObject({ vmId: made.resultVm });
    expect(await clonesNamed('ci-64')).toHaveLength(1);
  },
  delete: () => play('delete'),
  compensating: async () => {
    const { clone, end } = await waiting(65);
    await environment.control.fault({ operation: 'vm.delete', position: 'before', action: 'hold' });
    await clone.cancel();
    await end();
    await eventually('the delete is held', async () => (await environment.control.holds()).length > 0);
    await play('compensating');
    await environment.control.clearFaults();
    for (const { hold } of await environment.control.holds()) await environment.control.release(hold);
    await expect(clone.result()).rejects.toMatchObject({ failure: { type: 'Cancelled' } });
  },
  terminate: async () => {
    const { clone: terminated, end } = await waiting(66);
    const taskEnds = eventually(
      'it runs again',
      async () => {
        const status = await (await environment.snapflow.operation('build-66')).describe();
        return status.runId !== terminated.runId && status.taskId !== undefined;
      },
      SHOWN_WITHIN_MS,
    ).then(end);
    await play('terminate');
    await taskEnds;
    expect(await clonesNamed('ci-66')).toHaveLength(1);
  },
  reset: whileWaiting(67, 'reset'),
  pause: whileWaiting(68, 'pause'),
  locks: whileWaiting(69, 'locks'),
  retention: () => play('retention'),
  drain: async () => {
    const since = performance.now();
    await play('drain');
    expect((await worker.ended).code).toBe(0);
    expect(performance.now() - since).toBeLessThan(DRAINED_WITHIN_MS);
  },
};

test('every block of commands has its scene, and every scene its block', () => {
  const labels = pageBlocks(PAGE).map(({ opening }) => opening);
  // Those of the production form are played against it: test/cluster/operations.test.ts.
  const ofThisTest = labels.filter((label) => label !== 'yaml' && !label.startsWith('sh cluster-'));
  expect(ofThisTest.toSorted()).toEqual(
    Object.keys(SCENES)
      .map((label) => `sh ${label}`)
      .toSorted(),
  );
  expect(blocksOf(PAGE, 'yaml')).toHaveLength(1);
});

test.each(Object.entries(SCENES))('the commands for "%s" do what the page says', (_label, scene) => scene());
