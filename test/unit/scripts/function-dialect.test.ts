import { join } from 'node:path';

const { arrowsWithStatements } = require(join(__dirname, '../../../scripts/function-dialect.js')) as {
  readonly arrowsWithStatements: (path: string, source: string) => readonly string[];
};

const REFUSED: Readonly<Record<string, string>> = {
  'a block': 'const a = () => { b(); };',
  'an exported one': 'export const a = async <T>(b: T): Promise<T> => { return b; };',
  'the second of a statement': 'const b = 1, a = () => { return b; };',
};

const ACCEPTED: Readonly<Record<string, string>> = {
  'one expression': 'export const a = (b: number) => b + 1;',
  'an object': 'const a = () => ({ b: 1 });',
  'a function that is declared': 'export function a() { return 1; }',
  'one with the type of a function': 'const a: Listener = (b) => { c(b); };',
  'an argument': 'const a = memo(() => { return 1; });',
  'one within a function': 'function a() { const b = () => { c(); }; return b; }',
};

it.each(Object.entries(REFUSED))('an arrow constant with statements is refused: %s', (_, source) => {
  expect(arrowsWithStatements('src/a.ts', source)).toEqual([
    'src/a.ts: a is an arrow constant with statements: write function a.',
  ]);
});

it.each(Object.entries(ACCEPTED))('it is accepted: %s', (_, source) => {
  expect(arrowsWithStatements('src/a.ts', source)).toEqual([]);
});

it('a script is read as JavaScript', () => {
  expect(arrowsWithStatements('scripts/a.mjs', 'const a = (b) => { b(); };')).toHaveLength(1);
});
