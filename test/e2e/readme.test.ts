import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, type WorkflowStartOptions } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { startChildGroup, type ChildGroup } from '../../packages/dev-server/src/child-group';
import { freePort } from '../../packages/dev-server/src/start-dev-server';
import { Control } from '../environment/control';
import { eventually } from '../environment/eventually';
import { blocksOf, onlyBlock } from '../pages/page-blocks';
import { CLEAN_ENV } from '../environment/program';
import { playLine, runLine } from '../pages/run-line';
import { startSimulator } from '../environment/processes';

/** A dozen commands, each with npx and a fresh process, and clones that take their time. */
jest.setTimeout(240_000);

const ROOT = join(__dirname, '../..');
const page = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

const only = (opening: string): readonly string[] => onlyBlock('README.md', opening);
const TASK_QUEUE = 'readme';

let dev: ChildGroup;
let env: NodeJS.ProcessEnv;
let control: Control;
let address: string;

beforeAll(async () => {
  const [, command = ''] = only('sh dev');
  const [program = '', ...args] = command.split(' ');
  const port = await freePort('127.0.0.1');
  address = `127.0.0.1:${port}`;
  dev = await startChildGroup(program, [...args, '--port', String(port), '--ui-port', '0', '--json'], {
    cwd: ROOT,
    env: { ...CLEAN_ENV, SNAPFLOW_TASK_QUEUE: TASK_QUEUE },
  });
  const urls = await eventually(
    'snapflow dev is ready',
    () => {
      if (dev.hasEnded()) throw new Error(`snapflow dev ended by itself: ${dev.output()}`);
      return /\{[^{}]*"controlUrl"[^{}]*\}/.exec(dev.output())?.[0];
    },
    60_000,
  );
  control = new Control((JSON.parse(urls) as { controlUrl: string }).controlUrl);
  env = { ...CLEAN_ENV, TEMPORAL_ADDRESS: address, SNAPFLOW_TASK_QUEUE: TASK_QUEUE };
});

afterAll(async () => {
  dev?.signal('SIGINT');
  await dev?.ended;
});

test('the two main commands exist, and the set-up that the quick start begins with', () => {
  const { scripts } = JSON.parse(page('package.json')) as { scripts: Record<string, string> };
  expect(only('sh main')).toEqual(['npm run demo', 'npm test']);
  expect(scripts).toMatchObject({ demo: 'node scripts/run-tool.mjs demo', test: 'node scripts/test.mjs' });
  expect(only('sh dev')).toEqual(['node scripts/setup.mjs', 'npx snapflow dev']);
});

test('every command of the README does what it says there, one after the other', async () => {
  const [first = [], ...rest] = blocksOf('README.md', 'sh');
  const ends: [string, number | null][] = [];
  const play = async (lines: readonly string[]) => {
    for (const line of lines) {
      ends.push([line, (await playLine(line, ROOT, env)).code]);
    }
  };
  await play(first);
  // A cancel that comes in time, also where a command takes seconds to start.
  await control.settings({ cloneMs: 30_000 });
  for (const block of rest) await play(block);
  await control.settings({ cloneMs: 1_000 });
  expect(ends).toHaveLength(blocksOf('README.md', 'sh').flat().length);
  const effects = (await control.ledger()).filter(({ kind }) => kind === 'clone').map(({ name }) => name);
  expect(effects.filter((name) => /^ci-42-[0-9a-z]{8}$/.test(name ?? ''))).toHaveLength(1);
  expect(effects).not.toContain('ci-43');
  expect(effects.filter((name) => name === 'ci-44').length).toBeLessThanOrEqual(1);
});

test('the program is executable after a build, as npx needs it from its second use on', () => {
  expect(statSync(join(ROOT, 'dist/cli/main.js')).mode & 0o111).toBe(0o111);
});

test('the program of the checkout runs from another folder', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'snapflow-readme-'));
  try {
    const { code, output } = await runLine(
      `node ${join(ROOT, 'dist/cli/main.js')} list --json`,
      elsewhere,
      env,
    );
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('ci-42') });
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test('the snippet of the library compiles in a strict project that has the package, and runs', async () => {
  const project = mkdtempSync(join(tmpdir(), 'snapflow-readme-'));
  try {
    mkdirSync(join(project, 'node_modules'));
    symlinkSync(ROOT, join(project, 'node_modules/snapflow'), 'dir');
    symlinkSync(join(ROOT, 'node_modules/@types'), join(project, 'node_modules/@types'), 'dir');
    writeFileSync(join(project, 'snippet.mts'), only('ts').join('\n'));
    const options = '--strict --skipLibCheck --module node20 --target es2023 --types node';
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const compiled = await runLine(`${tsc} ${options} snippet.mts`, project, env);
    expect(compiled).toEqual({ code: 0, output: '' });
    const ran = await runLine('node snippet.mjs', project, env);
    expect(ran).toMatchObject({ code: 0, output: expect.stringMatching(/^made vm-\d+$/m) });
    expect((await control.ledger()).filter(({ name }) => name === 'ci-45')).toHaveLength(1);
  } finally {
    rmSync(project, { recursive: true });
  }
});

test('the variables of the README start a worker that answers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-readme-'));
  const { site, program: simulator } = await startSimulator();
  let worker: ChildGroup | undefined;
  try {
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, `${site.password}\n`, { mode: 0o600 });
    const script = only('sh worker')
      .join('\n')
      .replace('temporal.example.com:7233', address)
      .replace('https://vcenter.example.com', site.vcenterUrl)
      .replace('https://snapshots.example.com', site.applianceUrl)
      .replace('svc-snapflow@vsphere.local', site.username)
      .replace('/run/secrets/vsphere', passwordFile);
    const ofWorker = { ...CLEAN_ENV, SNAPFLOW_TASK_QUEUE: 'readme-worker' };
    worker = await startChildGroup('sh', ['-c', script], { cwd: ROOT, env: ofWorker });
    await eventually('the worker is ready', () => worker?.output().includes('worker ready'), 40_000);
    const asked = await runLine('npx snapflow snapshots --vm web-01 --task-queue readme-worker', ROOT, env);
    expect(asked).toMatchObject({ code: 0, output: expect.stringContaining('nightly-0412') });
  } finally {
    await worker?.stop(25_000);
    await simulator.stop(1_000);
    rmSync(folder, { recursive: true });
  }
});

test('a clone that is started as docs/contract.md says is made, and the command line shows it', async () => {
  const [json = []] = blocksOf('docs/contract.md', 'json');
  const { workflowType, searchAttributes, ...start } = JSON.parse(json.join('\n')) as {
    workflowType: string;
    searchAttributes: Record<string, string>;
  } & WorkflowStartOptions;
  const connection = await Connection.connect({ address });
  try {
    const typedSearchAttributes = Object.entries(searchAttributes).map(([name, value]) => ({
      key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
      value,
    }));
    const options = { ...start, taskQueue: TASK_QUEUE, typedSearchAttributes };
    const handle = await new Client({ connection }).workflow.start(workflowType, options);
    expect(await handle.result()).toMatchObject({ name: 'ci-46', vmId: expect.stringMatching(/^vm-/) });
    const again = await runLine(
      'npx snapflow clone --vm web-01 --snapshot latest --name ci-46 --request-id build-46',
      ROOT,
      env,
    );
    expect(again.code).toBe(0);
    expect((await control.ledger()).filter(({ name }) => name === 'ci-46')).toHaveLength(1);
  } finally {
    await connection.close();
  }
});
