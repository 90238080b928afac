import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** Where each folder's map stands: its `index.ts`, or the file that a reader opens first where it has none. */
const MAPS: Readonly<Record<string, string>> = {
  'src/contract': 'operations.ts',
  'src/request': 'schemas.ts',
  'src/workflows': 'index.ts',
  'src/activities': 'index.ts',
  'src/vsphere': 'index.ts',
  'src/client': 'index.ts',
  'src/worker': 'run-worker.ts',
  'src/cli': 'program.ts',
  'packages/dev-server/src': 'index.ts',
  'packages/simulator/src': 'index.ts',
  'packages/simulator/src/appliance': 'appliance-operations.ts',
  'packages/simulator/src/http': 'create-server.ts',
  'packages/simulator/src/world': 'world.ts',
  demo: 'main.ts',
};

/** Large folders whose file names say everything, with the reason. */
const SELF_EVIDENT: Readonly<Record<string, string>> = {
  'src/cli/commands': 'one file a command, named as it is typed',
};

/** More than a reader takes in at a glance. */
const MOST_WITHOUT_MAP = 12;
const MOST_WORDS = 14;

const entriesOf = (folder: string) => readdirSync(join(ROOT, folder), { withFileTypes: true });
const sourcesOf = (folder: string): readonly string[] =>
  entriesOf(folder).flatMap(({ name }) => (name.endsWith('.ts') ? [name] : []));
const foldersOf = (folder: string): readonly string[] =>
  entriesOf(folder).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const allBelow = (folder: string): readonly string[] => [
  folder,
  ...foldersOf(folder).flatMap((name) => allBelow(`${folder}/${name}`)),
];

/** The entries of the comment that a file begins with: `file.ts` or `folder/`, each with a few words. */
function mapOf(path: string): readonly (readonly [name: string, words: string])[] {
  const [, comment = ''] = /^\/\*\n([\s\S]*?)\*\/\n/.exec(readFileSync(join(ROOT, path), 'utf8')) ?? [];
  return [...comment.matchAll(/^ \* ([\w./-]+(?:\.ts|\/)) {2,}(\S.*)$/gm)].map(
    ([, name = '', words = '']) => [name, words] as const,
  );
}

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
  const wordy = mapOf(`${zone}/${index}`).filter(([, words]) => words.split(' ').length > MOST_WORDS);
  expect(wordy).toEqual([]);
});

test('every product folder of more than twelve files has a map', () => {
  const packages = foldersOf('packages').flatMap((name) =>
    // The client is a copy that the build makes.
    foldersOf(`packages/${name}`).includes('src') ? [`packages/${name}/src`] : [],
  );
  const large = ['src', 'demo', ...packages]
    .flatMap(allBelow)
    .filter((folder) => sourcesOf(folder).length > MOST_WITHOUT_MAP);
  expect(large).toContain('src/workflows');
  expect(large.filter((folder) => !(folder in MAPS) && !(folder in SELF_EVIDENT))).toEqual([]);
});
