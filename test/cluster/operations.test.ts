import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { onlyBlock, pageBlocks } from '../pages/page-blocks';
import { CLEAN_ENV } from '../environment/program';
import { playLine } from '../pages/run-line';
import { dockerHere } from './docker-here';
import { waitingClone } from '../environment/waiting-clone';
import { openClusterEnvironment, type ClusterEnvironment } from './cluster-environment';

/** The first run builds Temporal's server and UI, three to six minutes each on two cores. */
const BUILT_WITHIN_MS = 15 * 60_000;
jest.setTimeout(180_000);

const PAGE = 'docs/operations.md';

let environment: ClusterEnvironment;
let env: NodeJS.ProcessEnv;
/** Where the page's commands are typed: the production form's own folder stays as it is. */
let folder: string;

beforeAll(async () => {
  environment = await openClusterEnvironment();
  folder = join(environment.cluster.place.folder, 'checkout');
  mkdirSync(folder);
  env = {
    ...CLEAN_ENV,
    PATH: `${dockerHere(environment.cluster)}:${process.env['PATH']}`,
    VSPHERE_PASSWORD: 'a password',
  };
}, BUILT_WITHIN_MS);

afterAll(() => environment?.close());

/** What only an engine can do; `docker compose stop` and `up` of one service are done by the stand-in of the engine. */
const NEEDS_ENGINE = /^(?:sudo |docker compose (?:up --build|--profile|build|ps|pull|down))/;

/** Plays a block line by line. @returns the lines that need an engine */
async function play(label: string): Promise<readonly string[]> {
  const left: string[] = [];
  for (const line of onlyBlock(PAGE, `sh ${label}`)) {
    const [, verb, services = ''] =
      /^docker compose (stop|up --detach --wait)(?: ([a-z- ]+))?(?: #.*)?$/.exec(line) ?? [];
    if (NEEDS_ENGINE.test(line)) left.push(line);
    else if (verb === 'stop')
      for (const name of services.split(' ')) await environment.cluster.run.stopService(name);
    else if (verb !== undefined)
      for (const name of services === '' ? ['temporal', 'ui', 'worker'] : services.split(' '))
        await environment.cluster.run.revive(name);
    else await playLine(line, folder, env);
  }
  return left;
}

const SCENES: Readonly<Record<string, () => Promise<void>>> = {
  'cluster-start': async () => {
    const left = await play('cluster-start');
    expect(left.at(-1)).toMatch(/^docker compose up /);
    expect(readFileSync(join(folder, 'deploy/secrets/vsphere/default'), 'utf8')).toBe('a password\n');
    // 24 random bytes in base64.
    expect(statSync(join(folder, 'deploy/secrets/postgres-password')).size).toBe(33);
  },
  'cluster-try': async () => {
    const left = await play('cluster-try');
    expect(left).toEqual([expect.stringContaining('--profile simulator')]);
    expect(await environment.control.clonesNamed('ci-42')).toHaveLength(1);
  },
  'cluster-look': async () => void (await play('cluster-look')),
  'cluster-rotate': async () => {
    await environment.control.user('administrator@vsphere.local', { password: 'rotated' });
    await environment.control.expireSessions();
    // The mount of the compose file: the folder that the workers have.
    const mounted = join(folder, 'deploy/secrets/vsphere');
    rmSync(mounted, { recursive: true });
    symlinkSync(join(environment.cluster.place.folder, 'run/secrets/vsphere'), mounted);
    expect(await play('cluster-rotate')).toEqual([]);
    const clone = await environment.snapflow.clone({ vm: 'web-01', snapshot: 'latest', name: 'ci-rotated' });
    await clone.result();
    expect(await environment.control.clonesNamed('ci-rotated')).toHaveLength(1);
  },
  'cluster-backup': async () => {
    const { clone, end } = await waitingClone(environment, 'ci-backup');
    expect(await play('cluster-backup')).toEqual([]);
    await end();
    await clone.result();
    expect(await environment.control.clonesNamed('ci-backup')).toHaveLength(1);
  },
  'cluster-restore': async () => {
    expect(await play('cluster-restore')).toEqual([]);
    // The backup was made while it waited for its task, which has ended since.
    expect(await (await environment.snapflow.operation('ci-backup')).result()).toMatchObject({
      name: 'ci-backup',
    });
    expect(await environment.control.clonesNamed('ci-backup')).toHaveLength(1);
  },
  'cluster-upgrade': async () => {
    expect(await play('cluster-upgrade')).toEqual([expect.stringMatching(/^docker compose build/)]);
    const clone = await environment.snapflow.clone({ vm: 'web-01', snapshot: 'latest', name: 'ci-upgraded' });
    await clone.result();
    expect(await environment.control.clonesNamed('ci-upgraded')).toHaveLength(1);
  },
};

test('every block of the production form has its scene, and every scene its block', () => {
  const labels = pageBlocks(PAGE).map(({ opening }) => opening.replace(/^sh /, ''));
  expect(labels.filter((label) => label.startsWith('cluster-'))).toEqual(Object.keys(SCENES));
});

test('every service and file that the page names is there', () => {
  const lines = Object.keys(SCENES).flatMap((label) => onlyBlock(PAGE, `sh ${label}`));
  const commands = lines.map((line) => line.replace(/ #.*$/, ''));
  const named = commands.flatMap((line) => {
    const [, rest] =
      /^docker compose (?:stop|up --detach --wait|run --rm|exec(?: -T)?) (.*)$/.exec(line) ?? [];
    const [first = '', ...more] = rest?.split(' ') ?? [];
    return /^docker compose (?:exec|run)/.test(line) || first === '' ? [first] : [first, ...more];
  });
  for (const name of named.filter((one) => one !== ''))
    expect(Object.keys(environment.cluster.compose.services)).toContain(name);
  expect(named).toContain('schema');
  expect(lines.join('\n')).toContain('COMPOSE_FILE=docker-compose.production.yml');
});

test.each(Object.entries(SCENES))('the commands for "%s" do what the page says', (_label, scene) => scene());
