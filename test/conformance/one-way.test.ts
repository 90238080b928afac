import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(__dirname, '../..');

/** The packages and the demo stand on their own and import nothing of `src/contract`. */
const FOLDERS = ['src', 'proof', 'test', 'bench'];

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
);

/** A spread that is nothing where a value is undefined, however prettier breaks its lines. */
const BY_HAND = [
  /\.\.\.\(\s*[^(){}]*=== undefined\s*\?\s*\{\s*\}\s*:/,
  /\.\.\.\(\s*[^(){}]*!== undefined\s*\?\s*\{[^{}]*\}\s*:\s*\{\s*\}\s*\)/,
];
const isByHand = (text: string) => BY_HAND.some((pattern) => pattern.test(text));

test('an optional field is left out by omitUndefined alone', () => {
  expect(sources.filter((path) => isByHand(readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
});

test.each([
  '({ ...(signal === NOTHING ? {} : { signal }) })',
  '({ ...(signal !== NOTHING ? { signal } : {}) })',
  '({\n  ...(signal === NOTHING\n    ? {}\n    : { signal }),\n})',
])('%j: would be found', (form) => {
  expect(isByHand(form.replace('NOTHING', 'undefined'))).toBe(true);
});
