import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** Where each zone's map stands: its `index.ts`, or the file that a reader opens first where it has none. */
const MAPS: Readonly<Record<string, string>> = {
  'src/contract': 'operations.ts',
  'src/request': 'schemas.ts',
  'src/workflows': 'index.ts',
  'src/activities': 'index.ts',
  'src/vsphere': 'index.ts',
  'src/client': 'index.ts',
  'src/worker': 'run-worker.ts',
};

const entriesOf = (folder: string) => readdirSync(join(ROOT, folder), { withFileTypes: true });
const sourcesOf = (folder: string): readonly string[] =>
  entriesOf(folder).flatMap(({ name }) => (name.endsWith('.ts') ? [name] : []));
const foldersOf = (folder: string): readonly string[] =>
  entriesOf(folder).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** The entries of the comment that a file begins with: `file.ts` or `folder/`, each with a few words. */
const mapOf = (path: string): readonly (readonly [name: string, words: string])[] => {
  const [, comment = ''] = /^\/\*\n([\s\S]*?)\*\/\n/.exec(readFileSync(join(ROOT, path), 'utf8')) ?? [];
  return [...comment.matchAll(/^ \* ([\w./-]+(?:\.ts|\/)) {2,}(\S.*)$/gm)].map(
    ([, name = '', words = '']) => [name, words] as const,
  );
};

/** A sub-folder is one entry, or one for each of its files. */
const expectedOf = (zone: string, index: string, named: readonly string[]): readonly string[] => [
  ...sourcesOf(zone).filter((name) => name !== 'index.ts' || index !== 'index.ts'),
  ...foldersOf(zone).flatMap((folder) =>
    named.includes(`${folder}/`)
      ? [`${folder}/`]
      : sourcesOf(`${zone}/${folder}`).map((name) => `${folder}/${name}`),
  ),
];

test.each(Object.entries(MAPS))('the map of %s in its %s names each file, and no other', (zone, index) => {
  const named = mapOf(`${zone}/${index}`).map(([name]) => name);
  expect(named.toSorted()).toEqual(expectedOf(zone, index, named).toSorted());
});

test.each(Object.entries(MAPS))('the map of %s in its %s says each file in a few words', (zone, index) => {
  const wordy = mapOf(`${zone}/${index}`).filter(([, words]) => words.split(' ').length > 14);
  expect(wordy).toEqual([]);
});
