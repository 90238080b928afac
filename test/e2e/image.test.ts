import { execFile } from 'node:child_process';
import { cp, mkdtemp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inStage } from '../conformance/read-dockerfile';
import { CLEAN_ENV, startProgram, whenReady } from '../environment/program';

/*
 * What the Dockerfile does, without Docker: its manifests are copied into an empty folder, its own commands install there,
 * and what its targets copy is put together.
 */

/** Installations from npm's cache. */
jest.setTimeout(300_000);

const ROOT = join(__dirname, '../..');
const run = promisify(execFile);
const ENV = { ...CLEAN_ENV, npm_config_prefer_offline: 'true' };
const made: string[] = [];

afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});

async function empty(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'snapflow-image-'));
  made.push(folder);
  return folder;
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, verbatimSymlinks: true });
}

/** The folder of a stage that installs, after its commands. */
async function installed(stage: string): Promise<string> {
  const folder = await empty();
  for (const line of inStage('manifests', 'COPY'))
    for (const source of line.split(' ').slice(0, -1)) await copy(join(ROOT, source), join(folder, source));
  for (const command of inStage(stage, 'RUN')) await run('sh', ['-c', command], { cwd: folder, env: ENV });
  return folder;
}

/** A target's folder: what it copies from the stage that installed, and from the build, which is this checkout's. */
async function image(target: string): Promise<string> {
  const [folder, packages] = [await empty(), await installed(`${target}-packages`)];
  for (const line of inStage(target, 'COPY')) {
    const [, stage, source = ''] = /^--from=(\S+) \/app\/(\S+) /.exec(line) ?? [];
    await copy(join(stage === 'build' ? ROOT : packages, source), join(folder, source));
  }
  return folder;
}

async function danglingLinks(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const links = entries.filter((entry) => entry.isSymbolicLink());
  const paths = links.map((link) => join(link.parentPath, link.name));
  const ends = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => ends[index] === false);
}

async function packagesOf(folder: string): Promise<readonly string[]> {
  const noted = await readFile(join(folder, 'node_modules/.package-lock.json'), 'utf8');
  return Object.keys((JSON.parse(noted) as { packages: object }).packages);
}

test('the worker holds no web server, no test server and no dangling link, and its program runs', async () => {
  const folder = await image('worker');
  const packages = await packagesOf(folder);
  expect(packages).toContain('node_modules/@temporalio/worker');
  expect(
    packages.filter((path) => /fastify|@temporalio\/testing|snapflow-|^packages|typescript/.test(path)),
  ).toEqual([]);
  expect(await danglingLinks(folder)).toEqual([]);
  const main = join(folder, 'dist/cli/main.js');
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect((await run(process.execPath, [main, '--version'], { env: CLEAN_ENV })).stdout).toBe(`${version}\n`);
  // The worker loads the SDK's native part; without settings it says what it needs.
  const refused = run(process.execPath, [main, 'worker'], { cwd: folder, env: CLEAN_ENV });
  await expect(refused).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('VSPHERE_VCENTER_URL'),
  });
});

test('the simulator holds no SDK and no dangling link, and serves', async () => {
  const folder = await image('simulator');
  expect(await danglingLinks(folder)).toEqual([]);
  expect((await packagesOf(folder)).filter((path) => /@temporalio|typescript/.test(path))).toEqual([]);
  const [command = ''] = inStage('simulator', 'CMD');
  const [, program = ''] = JSON.parse(command) as string[];
  const started = startProgram([join(folder, program)], { env: CLEAN_ENV });
  const simulator = await whenReady(started, /^\{"vcenterUrl".*\}\n/m);
  await simulator.stop(5_000);
});
