import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { moduleStateOf } from './module-state';

const ROOT = join(__dirname, '../../..');
/** What the bundle holds of ours. */
const FOLDERS = ['src/workflows', 'src/contract'];

test('no module of the workflows keeps state, so that all runs of a worker may share its modules', () => {
  const sources = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => ({
        name: join(folder, file),
        text: readFileSync(join(ROOT, folder, file), 'utf8'),
      })),
  );
  expect(sources.length).toBeGreaterThan(20);
  expect(moduleStateOf(sources)).toEqual([]);
});

const stateIn = (text: string) => moduleStateOf([{ name: 'a', text }]);

test.each([
  ['let count = 0;', 'a: let count'],
  ['export var last: string;', 'a: var last'],
  ['const seen = new Map<string, number>();', 'a: const seen = new Map'],
  ['export const cache = new WeakMap();', 'a: const cache = new WeakMap'],
  ['const next = makeCounter();', 'a: const next = makeCounter()'],
  ['class Run { static count = 0; }', 'a: static count'],
  ['const list: string[] = [];\nexport const add = () => list.push("x");', 'a: changes list (list.push()'],
  ['const state = { runs: 0 };\nfunction f() {\n  state.runs += 1;\n}', 'a: changes state (state.runs +=)'],
  ['const state = { runs: 0 };\nfunction f() {\n  state.runs++;\n}', 'a: changes state (state.runs++)'],
  [
    'const by: Record<string, number> = {};\nconst f = (k: string) => (by[k] = 1);',
    'a: changes by (by[k] =)',
  ],
  ['const WORD = /x/g;\nconst f = (t: string) => WORD.test(t);', 'a: changes WORD (WORD.test()'],
  [
    "const WORD = new RegExp('x', 'y');\nconst f = (t: string) => WORD.exec(t);",
    'a: changes WORD (WORD.exec()',
  ],
  ['setUp();', 'a: runs CallExpression as it is loaded'],
  ['for (const each of []) each;', 'a: has a ForOfStatement'],
])('%s is state', (text, found) => {
  expect(stateIn(text)).toEqual([found]);
});

test('what another module keeps is found where it is changed', () => {
  const sources = [
    { name: 'a', text: 'export const table: string[] = [];' },
    { name: 'b', text: "import { table } from './a';\nexport const f = () => table.sort();" },
  ];
  expect(moduleStateOf(sources)).toEqual(['b: changes table (table.sort()']);
});

test.each([
  "const NAMES = ['a', 'b'] as const;\nexport const has = (x: string) => NAMES.some((n) => n === x);",
  'const WORD = /x/gu;\nexport const f = (t: string) => t.replaceAll(WORD, "");',
  'const LIMIT = 5;\nexport const f = (n: number) => n >= LIMIT && LIMIT === n;',
  'export class Run {\n  static readonly NAME = "run";\n  private count = 0;\n  next() {\n    this.count += 1;\n  }\n}',
  'const TEXTS: Readonly<Record<string, string>> = { a: "b" };\nexport const f = (key: string) => TEXTS[key] ?? "";',
])('%s is none', (text) => {
  expect(stateIn(text)).toEqual([]);
});
