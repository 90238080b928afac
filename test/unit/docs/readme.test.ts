import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../../src/cli/errors';
import { COMMANDS } from '../../../src/cli/program';
import { CONNECTION_VARIABLES, loadWorkerConfig } from '../../../src/worker/config';
import { FAILURES } from '../../../src/contract/failures';

const ROOT = join(__dirname, '../../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** First and last cells of the rows of the table with that first heading. */
function rowsOf(heading: string): string[][] {
  const [, body = ''] =
    new RegExp(String.raw`^\| ${heading} .*\n\| -.*\n((?:\|.*\n)+)`, 'm').exec(README) ?? [];
  return body
    .trimEnd()
    .split('\n')
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test('the README lists every command, and no other', () => {
  const commands = COMMANDS.map(({ name }) => `\`snapflow ${name}\``);
  expect(
    rowsOf('command')
      .flatMap(([names = '']) => names.split(', '))
      .toSorted(),
  ).toEqual(commands.toSorted());
});

test('the exit codes of the README are those of the code, each with its failure types', () => {
  const documented = rowsOf('exit code').map(([code = '', , types = '']) => [
    Number(code),
    [...types.matchAll(/`(\w+)`/g)].map(([, type]) => type),
  ]);
  const typesOf = (code: number) =>
    Object.entries(FAILURES).flatMap(([type, { exitCode }]) => (exitCode === code ? [type] : []));
  const codes = new Set<number>([
    ...Object.values(EXIT),
    ...Object.values(FAILURES).map(({ exitCode }) => exitCode),
  ]);
  const expected = [...codes].toSorted((a, b) => a - b).map((code) => [code, typesOf(code)]);
  expect(documented).toEqual(expected);
});

test('the README names every variable of a connection', () => {
  expect(Object.keys(CONNECTION_VARIABLES).filter((variable) => !README.includes(variable))).toEqual([]);
});

test('the YAML of the README is a configuration that a worker takes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-readme-'));
  try {
    const password = join(folder, 'password');
    const file = join(folder, 'worker.yaml');
    const [, yaml = ''] = /```yaml\n(.*?)```/s.exec(README) ?? [];
    writeFileSync(password, 'secret\n');
    writeFileSync(file, yaml.replaceAll(/\/run\/secrets\/\w+/g, password));
    const { connections } = loadWorkerConfig({ SNAPFLOW_CONFIG: file });
    expect(connections.map(({ vsphere }) => vsphere.name)).toEqual(['default', 'lab']);
    expect(connections[1]?.operation).toMatchObject({ quarantineMs: 60_000, waitBudgetMs: 7_200_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const decisions = readdirSync(join(ROOT, 'docs/decisions')).map((name) => `docs/decisions/${name}`);

test.each([
  'README.md',
  'ARCHITECTURE.md',
  'docs/contract.md',
  'docs/failures.md',
  'docs/guarantees.md',
  'docs/operations.md',
  'docs/security.md',
  ...decisions,
])('every file that %s links to or names exists', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) =>
    join(ROOT, page, '..', link),
  );
  const named = [...text.matchAll(/`((?:src|test|scripts|docs)\/[\w./-]+\w)`/g)].map(([, file = '']) =>
    join(ROOT, file),
  );
  const missing = [...links, ...named].filter((file) => {
    try {
      readFileSync(file);
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'EISDIR';
    }
  });
  expect(missing.map((file) => file.slice(ROOT.length + 1))).toEqual([]);
});

test('every decision record is in their list', () => {
  const list = readFileSync(join(ROOT, 'docs/decisions/README.md'), 'utf8');
  const records = decisions
    .map((file) => file.replace('docs/decisions/', ''))
    .filter((name) => name !== 'README.md');
  expect(records.filter((name) => !list.includes(`](${name})`))).toEqual([]);
});

test('the code map of ARCHITECTURE.md has every folder of the sources', () => {
  const map = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `src\/(\w+)`/gm);
  expect([...map].map(([, folder = '']) => folder).toSorted()).toEqual(
    readdirSync(join(ROOT, 'src')).toSorted(),
  );
});

const ARCHITECTURE = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');

test('ARCHITECTURE.md says of every invariant where it is upheld and what tests it', () => {
  const items = [...ARCHITECTURE.matchAll(/^- \*\*(E\d+)\*\* (.*)$/gm)];
  expect(items.map(([, id]) => id)).toEqual(Array.from({ length: 15 }, (_, index) => `E${index + 1}`));
  const untested = items.filter(([, , text = '']) => !/Tests?: `test\//.test(text));
  // All others uphold the first.
  const unplaced = items.slice(1).filter(([, , text = '']) => !text.includes('`src/'));
  expect([...untested, ...unplaced].map(([, id]) => id)).toEqual([]);
});

test('the walk of a clone names at most twelve files', () => {
  const [, walk = ''] = /^## One clone through the files\n\n((?:\d+\. .*\n)+)/m.exec(ARCHITECTURE) ?? [];
  const files = new Set([...walk.matchAll(/`(src\/[\w./-]+\.ts)`/g)].map(([, file]) => file));
  expect(files.size).toBeGreaterThan(6);
  expect(files.size).toBeLessThanOrEqual(12);
});

test('each function that ARCHITECTURE.md places in a file is there', () => {
  const placed = [...ARCHITECTURE.matchAll(/`(\w+)` \(`(src\/[\w./-]+\.ts)`\)/g)];
  expect(placed.length).toBeGreaterThan(6);
  const astray = placed.filter(
    ([, name = '', file = '']) =>
      !new RegExp(String.raw`\b${name}\b`).test(readFileSync(join(ROOT, file), 'utf8')),
  );
  expect(astray.map(([text]) => text)).toEqual([]);
});

test('the glossary of ARCHITECTURE.md has twelve words', () => {
  const [, rows = ''] = /^## Glossary\n\n\| word .*\n\| -.*\n((?:\|.*\n)+)/m.exec(ARCHITECTURE) ?? [];
  expect(rows.trimEnd().split('\n')).toHaveLength(12);
});
