import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Snapflow } from '../../src/client';
import { findTemporal } from '../../packages/dev-server/src/find-temporal';
import { onlyBlock } from '../pages/page-blocks';
import { CLEAN_ENV } from '../environment/program';
import { runLongLine, type LongLineEnd } from './run-long-line';
import { startDev, type Dev } from './start-dev';

/** A virtual environment and a Go build, from caches in half a minute, from the network in two. */
jest.setTimeout(300_000);

const ROOT = join(__dirname, '../..');

const works = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { timeout: 10_000 }).status === 0;
const PYTHON = works('python3', '-c', 'import sys, venv; sys.exit(sys.version_info < (3, 10))');
const GO = works('go', 'version');
const pythonTest = PYTHON ? test : test.skip;
const goTest = GO ? test : test.skip;
const bothTest = PYTHON && GO ? test : test.skip;
const python = PYTHON ? '' : '(skipped: no python3 of 3.10 or newer with venv) ';
const go = GO ? '' : '(skipped: no go) ';

let dev: Dev;
let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'snapflow-languages-'));
  // The examples read the contract's pages beside them.
  cpSync(join(ROOT, 'examples'), join(folder, 'examples'), { recursive: true });
  symlinkSync(join(ROOT, 'docs'), join(folder, 'docs'), 'dir');
  dev = await startDev();
  env = { ...CLEAN_ENV, TEMPORAL_ADDRESS: dev.address };
});

afterAll(async () => {
  await dev?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const inExample = (example: 'python' | 'go', line: string): Promise<LongLineEnd> =>
  runLongLine(line, join(folder, 'examples', example), env);

/** The lines of the example's README, against this test's server. */
const readme = (example: 'python' | 'go'): string[] =>
  onlyBlock(`examples/${example}/README.md`, 'sh').map((line) => line.replace('localhost:7233', dev.address));

const PROGRAMS = {
  python: (args: string) => inExample('python', `.venv/bin/python clone.py ${args}`),
  go: (args: string) => inExample('go', `./clone ${args.replaceAll(' --', ' -').replace(/^--/, '-')}`),
} as const;

const clonesNamed = async (name: string) =>
  (await dev.control.ledger()).filter((effect) => effect.kind === 'clone' && effect.name === name);

describe('the Python example', () => {
  pythonTest(`${python}sets itself up and makes a clone, line by line as its README says`, async () => {
    for (const line of readme('python').slice(0, -1))
      expect(await inExample('python', line)).toMatchObject({ code: 0 });
    const end = await inExample('python', readme('python').at(-1) ?? '');
    expect(end).toMatchObject({ code: 0 });
    const [made] = await clonesNamed('py-1');
    expect(JSON.parse(end.stdout)).toMatchObject({ vmId: made?.resultVm, name: 'py-1', taskId: made?.task });
  });

  pythonTest(`${python}computes every clone of the contract's vectors`, async () => {
    const end = await inExample('python', '.venv/bin/python -m unittest');
    expect(end).toMatchObject({ code: 0, stderr: expect.stringContaining('Ran 1 test') });
  });
});

describe('the Go example', () => {
  goTest(`${go}makes a clone as its README says`, async () => {
    expect(await inExample('go', 'go build -o clone .')).toMatchObject({ code: 0 });
    const [line = ''] = readme('go');
    const end = await inExample('go', line);
    expect(end).toMatchObject({ code: 0 });
    const [made] = await clonesNamed('go-1');
    expect(JSON.parse(end.stdout)).toMatchObject({ vmId: made?.resultVm, name: 'go-1', taskId: made?.task });
  });

  goTest(`${go}computes every clone of the contract's vectors`, async () => {
    const end = await inExample('go', 'go vet . && go test -count=1 .');
    expect(end).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok /m) });
  });
});

const LANGUAGES = [
  ['python', pythonTest, python],
  ['go', goTest, go],
] as const;

describe.each(LANGUAGES)('a caller in %s', (language, languageTest, skipped) => {
  const run = PROGRAMS[language];

  languageTest(`${skipped}that repeats a finished request gets its result, not a second clone`, async () => {
    const request = `--vm web-01 --snapshot latest --name again-${language} --request-id again-${language}`;
    const first = await run(request);
    const second = await run(request);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('vmId') });
    expect(second).toEqual(first);
    expect(await clonesNamed(`again-${language}`)).toHaveLength(1);
  });

  languageTest(`${skipped}is told a failure by its type, and nothing is cloned`, async () => {
    const request = (name: string, id: string) =>
      `--vm web-01 --snapshot latest --name ${name} --request-id ${id}-${language}`;
    const missing = await run(`--vm web-99 --snapshot latest --name gone --request-id gone-${language}`);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringMatching(/^ObjectNotFound: .*"web-99"/) });
    expect(await run(request(`taken-${language}`, 'first'))).toMatchObject({ code: 0 });
    const taken = await run(request(`taken-${language}`, 'second'));
    expect(taken).toMatchObject({ code: 1, stderr: expect.stringMatching(/^NameTaken: /) });
    const conflict = await run(request(`other-${language}`, 'first'));
    expect(conflict).toMatchObject({ code: 1, stderr: expect.stringMatching(/^RequestConflict: /) });
    expect(await clonesNamed(`other-${language}`)).toHaveLength(0);
  });

  languageTest(`${skipped}learns of a cancel, which undid the clone`, async () => {
    // Long enough to be cancelled in, also where a command takes a second to start.
    await dev.control.settings({ cloneMs: 5_000 });
    const id = `cancelled-${language}`;
    const snapflow = await Snapflow.connect({ address: dev.address });
    try {
      const request = { vm: 'web-01', snapshot: 'latest', name: id };
      const ours = await snapflow.clone(request, { requestId: id });
      const theirs = run(`--vm web-01 --snapshot latest --name ${id} --request-id ${id}`);
      for await (const { phase } of ours.progress()) if (phase === 'wait') break;
      await ours.cancel();
      expect(await theirs).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Cancelled: /) });
      const effects = (await dev.control.ledger()).filter((effect) => effect.name === id);
      expect(effects.map(({ kind }) => kind)).toEqual(['clone', 'delete']);
    } finally {
      await dev.control.settings({ cloneMs: 1_000 });
      await snapflow.close();
    }
  });
});

bothTest(
  `${python}${go}callers in Python, Go and TypeScript that ask for one thing at once share one clone`,
  async () => {
    const name = 'größe-shared';
    const requestId = 'shared-by-three';
    const request = `--vm web-01 --snapshot latest --name ${name} --request-id ${requestId}`;
    const snapflow = await Snapflow.connect({ address: dev.address });
    try {
      const [ours, theirs, others] = await Promise.all([
        snapflow
          .clone({ vm: 'web-01', snapshot: 'latest', name }, { requestId })
          .then((clone) => clone.result()),
        PROGRAMS.python(request),
        PROGRAMS.go(request),
      ]);
      expect([theirs, others]).toMatchObject([{ code: 0 }, { code: 0 }]);
      expect([theirs, others].map(({ stdout }) => JSON.parse(stdout) as object)).toEqual([ours, ours]);
      expect(await clonesNamed(name)).toHaveLength(1);
    } finally {
      await snapflow.close();
    }
  },
);

test('the lines for the temporal command line start a clone, wait for it, and attach when they are repeated', async () => {
  const found = await findTemporal({ env: CLEAN_ENV });
  if (found.kind !== 'binary') throw new Error('this test runs the temporal program, and none was found');
  const withTemporal = { ...env, PATH: `${dirname(found.path)}:${CLEAN_ENV['PATH'] ?? ''}` };
  const script = onlyBlock('docs/contract.md', 'sh temporal').join('\n');
  const first = await runLongLine(script, folder, withTemporal);
  expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/"?vmId"?/) });
  const snapflow = await Snapflow.connect({ address: dev.address });
  try {
    const attached = await snapflow.clone(
      { vm: 'web-01', snapshot: 'latest', name: 'ci-48' },
      { requestId: 'build-48' },
    );
    expect(first.stdout).toContain((await attached.result()).vmId);
  } finally {
    await snapflow.close();
  }
  expect(await clonesNamed('ci-48')).toHaveLength(1);
});
