import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isInternal, publicDeclarations } from './public-declarations';

const ROOT = join(__dirname, '../..');
const ENTRY = join(ROOT, 'dist/client/index.d.ts');

beforeAll(() => {
  if (!existsSync(ENTRY))
    execFileSync(process.execPath, [join(ROOT, 'scripts/setup.mjs')], { stdio: 'ignore' });
}, 120_000);

/** The `kind` of a union, the `name` and `code` of an error are what they say; what an error is made of its properties tell. */
const SAYS_ITSELF = /^(?:readonly (?:kind: |name = |code = )["']|constructor\()/;

test('every declaration and member that a user of the package can see has a doc comment', () => {
  const declarations = publicDeclarations(ENTRY);
  const bare = declarations.flatMap(({ file, name, doc, members }) => {
    const where = `${relative(join(ROOT, 'dist'), file)}: ${name}`;
    const undocumented = members.filter((member) => !member.doc && !SAYS_ITSELF.test(member.text));
    return [...(doc ? [] : [where]), ...undocumented.map((member) => `${where}.${member.name}`)];
  });
  expect(bare).toEqual([]);
});

test('the walk sees the whole of it: what the page of the library names, and what that leads to', () => {
  const names = publicDeclarations(ENTRY).map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'Snapflow',
      'OperationHandle',
      'StartOptions',
      'FailureDetails',
      'RequestOptions',
    ]),
  );
  expect(names).not.toContain('TemporalLink');
  const snapflow = publicDeclarations(ENTRY).find(({ name }) => name === 'Snapflow');
  const methods = snapflow?.members.filter(({ doc }) => !isInternal(doc)).map(({ name }) => name);
  expect(methods).toEqual(
    expect.arrayContaining(['connect', 'clone', 'revert', 'operation', 'list', 'doctor', 'setUp', 'close']),
  );
});

test('every public type is in the package', () => {
  const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
  const folders = files.flatMap((pattern) => /^dist\/(\w+)\/\*\*\/\*\.d\.ts$/.exec(pattern)?.[1] ?? []);
  const needed = publicDeclarations(ENTRY).map(
    ({ file }) => relative(join(ROOT, 'dist'), file).split('/')[0],
  );
  expect([...new Set(needed)].filter((folder) => !folders.includes(folder ?? ''))).toEqual([]);
});
