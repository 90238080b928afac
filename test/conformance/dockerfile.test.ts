import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inStage, readDockerfile, stageOf } from './read-dockerfile';

const ROOT = join(__dirname, '../..');
const all = (name: string): string[] =>
  readDockerfile()
    .filter((instruction) => instruction.name === name)
    .map(({ rest }) => rest);

test('every stage is one exact glibc image, or a stage before it', () => {
  expect(all('ARG')).toEqual([expect.stringMatching(/^NODE_VERSION=\d+\.\d+\.\d+$/)]);
  const known: string[] = ['node:${NODE_VERSION}-bookworm-slim'];
  for (const from of all('FROM')) {
    const [image = '', , name = ''] = from.split(' ');
    expect(known).toContain(image);
    known.push(name);
  }
});

test('the worker is the last stage, so that it is built where no target is named', () => {
  expect(all('FROM').at(-1)).toBe('runtime AS worker');
  expect(all('FROM')).toContain('runtime AS simulator');
});

test.each(['worker', 'simulator'])(
  'the %s runs as a user without rights, after the last step that needs them, with tini as process 1',
  (target) => {
    const stage = stageOf(target);
    const user = stage.findIndex(({ name }) => name === 'USER');
    expect(stage[user]?.rest).toBe('node');
    expect(stage.slice(user).map(({ name }) => name)).not.toContain('RUN');
    expect(stage[0]?.rest).toBe(`runtime AS ${target}`);
    expect(inStage('runtime', 'ENTRYPOINT')).toEqual(['["tini", "--"]']);
  },
);

test('the worker has a health check', () => {
  expect(all('HEALTHCHECK')).toEqual(inStage('worker', 'HEALTHCHECK'));
  expect(all('HEALTHCHECK')).toEqual([expect.stringContaining('/livez')]);
  expect(inStage('worker', 'CMD')).toEqual(['["node", "dist/cli/main.js", "worker"]']);
});

test('every worker that we start has the same room for young objects, in the image, in the compose file and on the page', () => {
  const room = '--max-semi-space-size=64';
  expect(inStage('worker', 'ENV')).toContain(`NODE_OPTIONS=${room}`);
  const options = ['docker-compose.production.yml', 'docs/operations.md'].flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8').match(/NODE_OPTIONS[:=].*/g),
  );
  expect(options).toHaveLength(3);
  for (const each of options) expect(each).toContain(room);
});

test('dependencies come from the lock file, and what an image keeps is of production only and runs no script', () => {
  expect(inStage('build', 'RUN')[0]).toMatch(/^npm ci /);
  for (const stage of ['worker-packages', 'simulator-packages'])
    expect(inStage(stage, 'RUN')[0]).toMatch(/^npm ci --omit=dev --workspace\S+ --ignore-scripts /);
  for (const copy of [...inStage('worker', 'COPY'), ...inStage('simulator', 'COPY')])
    if (copy.includes('node_modules')) expect(copy).toMatch(/^--from=(worker|simulator)-packages /);
});

test('the manifest of every package is there before an installation', () => {
  const copied = inStage('manifests', 'COPY');
  for (const name of readdirSync(join(ROOT, 'packages')))
    expect(copied).toContain(`packages/${name}/package.json packages/${name}/`);
  for (const stage of ['build', 'worker-packages', 'simulator-packages'])
    expect(inStage(stage, 'FROM')).toEqual([`manifests AS ${stage}`]);
});

test('the worker keeps the native part for its own platform, and the bundle of the workflows is made while it is built', () => {
  expect(inStage('build', 'RUN')).toContain('npm run build');
  const run = inStage('worker-packages', 'RUN').join('\n');
  expect(run).toContain('node_modules/@temporalio/core-bridge/releases');
  expect(run).toContain('! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r');
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(scripts['build']).toContain('bundle-workflows.mjs');
});

test('everything copied from the clone exists and is let through by .dockerignore', () => {
  const allowed = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  expect(allowed[0]).toBe('*');
  const sources = all('COPY')
    .filter((copy) => !copy.startsWith('--from'))
    .flatMap((copy) => copy.split(' ').slice(0, -1));
  expect(sources).toEqual(expect.arrayContaining(['src', 'packages']));
  for (const source of sources) {
    expect(existsSync(join(ROOT, source))).toBe(true);
    expect(allowed).toContain(`!${source.split('/')[0]}`);
  }
});
