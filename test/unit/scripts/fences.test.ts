import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const ROOT = join(__dirname, '../../..');

interface Zone {
  readonly folder: string;
  readonly package?: string;
  readonly folders: readonly string[];
  readonly types?: readonly string[];
  readonly packages: readonly string[];
  readonly node: readonly string[];
  readonly computed?: boolean;
}
interface Fences {
  readonly zones: readonly Zone[];
}
const { importsAgainst } = require(join(ROOT, 'scripts/fences.js')) as {
  readonly importsAgainst: (fences: Fences, path: string, source: string) => readonly string[];
};
const fences = JSON.parse(readFileSync(join(ROOT, 'fences.json'), 'utf8')) as Fences;

const FORMS: Readonly<Record<string, (from: string) => string>> = {
  'a static import': (from) => `import { a } from '${from}';`,
  'export from': (from) => `export * from '${from}';`,
  'import type': (from) => `import type { A } from '${from}';`,
  'an import as a type': (from) => `type A = import('${from}').A;`,
  'import()': (from) => `const a = async () => await import('${from}');`,
  'import() of a template': (from) => `const a = import(\`${from}\`);`,
  require: (from) => `const a = (require('${from}') as { a: number }).a;`,
  'import = require': (from) => `import a = require('${from}');`,
};
const OF_TYPES = ['import type', 'an import as a type'];

/** Not at the top, so that a way out of the zone is not mistaken for one inside. */
const fileIn = ({ folder }: Zone) => `${folder}/deep/file.ts`;
const wayTo = (zone: Zone, path: string) => posix.relative(posix.dirname(fileIn(zone)), path);

const importsBy = (zone: Zone, from: string) =>
  Object.entries(FORMS).map(([form, write]) => ({
    form,
    refused: importsAgainst(fences, fileIn(zone), write(from)).length > 0,
  }));
const formsRefused = (zone: Zone, from: string) =>
  importsBy(zone, from)
    .filter(({ refused }) => refused)
    .map(({ form }) => form);

const ALL = Object.keys(FORMS);
const openTo = (list: readonly string[]) => list.includes('*');
const named = (zones: readonly Zone[]) => zones.map((zone) => [zone.folder, zone] as const);

describe.each(named(fences.zones))('%s', (_, zone) => {
  const { folders, types = [], packages, node } = zone;

  test('each folder that is not on its list is refused in every form, and each that is passes', () => {
    const others = [...fences.zones.map(({ folder }) => folder), 'nowhere'].filter(
      (folder) => folder !== zone.folder,
    );
    for (const folder of others) {
      const refused = formsRefused(zone, wayTo(zone, `${folder}/some-file`));
      if (openTo(folders) || folders.includes(folder)) expect(refused).toEqual([]);
      else if (types.includes(folder))
        expect(refused).toEqual(ALL.filter((form) => !OF_TYPES.includes(form)));
      else expect(refused).toEqual(ALL);
    }
  });

  test('each package that is not on its list is refused in every form, and each that is passes', () => {
    const some = ['zod', '@temporalio/worker', 'undici', 'a-package-that-nobody-knows', '@a/b'];
    for (const name of new Set([...some, ...packages.filter((known) => known !== '*')])) {
      const expected = openTo(packages) || packages.includes(name) ? [] : ALL;
      expect(formsRefused(zone, name)).toEqual(expected);
      expect(formsRefused(zone, `${name}/lib/part`)).toEqual(expected);
    }
  });

  test('each module of node that is not on its list is refused in every form, and each that is passes', () => {
    for (const name of new Set(['fs', 'child_process', 'dns', ...node.filter((known) => known !== '*')])) {
      const expected = openTo(node) || node.includes(name) ? [] : ALL;
      expect(formsRefused(zone, `node:${name}`)).toEqual(expected);
      expect(formsRefused(zone, name)).toEqual(expected);
    }
  });

  test('its own files are no other folder', () => {
    expect(formsRefused(zone, './beside')).toEqual([]);
    expect(formsRefused(zone, '../above')).toEqual([]);
  });

  test('what only a run can tell is refused unless it says so', () => {
    for (const source of ['const a = require(path);', 'void import(path);', 'const load = require;'])
      expect(importsAgainst(fences, fileIn(zone), source).length > 0).toBe(zone.computed !== true);
  });
});

function zoneNamed(folder: string): Zone {
  const zone = fences.zones.find((other) => other.folder === folder);
  if (zone === undefined) throw new Error(`No zone ${folder} in fences.json.`);
  return zone;
}

/** Else it is one file, which imports nothing. */
const isFolder = (name: string): boolean => !/\.(?:json|ts)$/.test(name);

test('a zone that may import one file of a folder may import no other file of it', () => {
  const zone = zoneNamed('src/vsphere');
  expect(formsRefused(zone, wayTo(zone, 'src/contract/omit-undefined'))).toEqual([]);
  expect(formsRefused(zone, wayTo(zone, 'src/contract/failures'))).toEqual(ALL);
});

/** A zone and whatever it can reach. */
function reachedFrom(folder: string, known: readonly Zone[] = []): readonly Zone[] {
  const zone = zoneNamed(folder);
  if (known.includes(zone)) return known;
  return [...zone.folders, ...(zone.types ?? [])]
    .filter(isFolder)
    .reduce<readonly Zone[]>((found, next) => reachedFrom(next, found), [...known, zone]);
}

test('workflows reach no package but those of Temporal for workflows, on any way', () => {
  const reached = reachedFrom('src/workflows');
  expect(reached.map(({ folder }) => folder)).toEqual(['src/workflows', 'src/contract']);
  expect(new Set(reached.flatMap(({ packages }) => packages))).toEqual(
    new Set(['@temporalio/common', '@temporalio/workflow']),
  );
  expect(reached.flatMap(({ node }) => node)).toEqual([]);
});

test('what is published reaches neither tests nor proof, and no two of its folders import each other', () => {
  const published = fences.zones.filter(({ folder }) => /^(src|packages)\//.test(folder));
  for (const zone of published) {
    expect(openTo([...zone.folders, ...zone.packages, ...zone.node])).toBe(false);
    for (const next of zone.folders.filter(isFolder)) {
      expect(next).toMatch(/^(src|packages)\//);
      expect(reachedFrom(next)).not.toContain(zone);
    }
  }
});

test('a package by its name is its folder, in every form', () => {
  for (const { folder, package: name } of fences.zones.filter((zone) => zone.package !== undefined)) {
    const { name: published } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as {
      name: string;
    };
    expect(name).toBe(published);
    expect(formsRefused(zoneNamed('src/workflows'), published)).toEqual(ALL);
    expect(formsRefused(zoneNamed('test'), published)).toEqual([]);
  }
  expect(formsRefused(zoneNamed('src/cli'), 'snapflow-simulator')).toEqual([]);
  expect(formsRefused(zoneNamed('packages/simulator'), 'snapflow-dev-server')).toEqual(ALL);
});

test('packages reach nothing of what is beside them', () => {
  const packages = fences.zones.filter(({ folder }) => folder.startsWith('packages/'));
  expect(packages.length).toBeGreaterThan(1);
  for (const { folder } of packages) expect(reachedFrom(folder)).toEqual([zoneNamed(folder)]);
});

test('a file of what is built belongs to its source', () => {
  expect(formsRefused(zoneNamed('proof'), '../../dist/client/index.js')).toEqual([]);
  expect(formsRefused(zoneNamed('proof'), '../../dist/worker/index.js')).toEqual(ALL);
});

test('a source outside every folder of fences.json is refused', () => {
  expect(importsAgainst(fences, 'src/new-folder/file.ts', '')).toEqual([
    'src/new-folder/file.ts is in no zone of fences.json: add its folder there.',
  ]);
});
