import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** The instructions in order, continued lines joined, comments left out. */
const instructions = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [name = '', ...rest] = line.trim().split(/\s+/);
    return { name, rest: rest.join(' ') };
  });
const all = (name: string): string[] =>
  instructions.filter((instruction) => instruction.name === name).map(({ rest }) => rest);
const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));

test('every stage starts from one exact glibc image', () => {
  expect(all('ARG')).toEqual([expect.stringMatching(/^NODE_VERSION=\d+\.\d+\.\d+$/)]);
  expect(all('FROM')).toEqual([
    'node:${NODE_VERSION}-bookworm-slim AS build',
    'node:${NODE_VERSION}-bookworm-slim',
  ]);
});

test('the image runs as a user without rights, after the last step that needs them', () => {
  expect(all('USER')).toEqual(['node']);
  const user = lastStage.findIndex(({ name }) => name === 'USER');
  expect(lastStage.slice(user).map(({ name }) => name)).not.toContain('RUN');
});

test('the image has a health check and tini as process 1', () => {
  expect(all('HEALTHCHECK')).toHaveLength(1);
  expect(all('HEALTHCHECK')[0]).toContain('/livez');
  expect(all('ENTRYPOINT')).toEqual(['["tini", "--"]']);
  expect(all('CMD')).toEqual(['["node", "dist/cli/main.js", "worker"]']);
});

test('dependencies come from the lock file, and the image keeps those of production only', () => {
  const run = all('RUN').join('\n');
  expect(run).toContain('npm ci');
  expect(run).toContain('npm prune --omit=dev');
});

test('the image keeps the native part for its own platform, and the bundle of the workflows is made while it is built', () => {
  const run = all('RUN').join('\n');
  expect(run).toContain('npm run build');
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
  expect(sources).toContain('src');
  for (const source of sources) {
    expect(existsSync(join(ROOT, source))).toBe(true);
    expect(allowed).toContain(`!${source}`);
  }
});
