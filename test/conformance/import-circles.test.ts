import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';

const ROOT = join(__dirname, '../..');
const { importsOf } = require(join(ROOT, 'scripts/imports-of.js')) as {
  readonly importsOf: (path: string, source: string) => readonly { readonly from?: string }[];
};

type Graph = ReadonlyMap<string, readonly string[]>;

const sourcesBelow = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !/(?:^|\/)(?:node_modules|dist)\//.test(path));

/** What each file imports, for values or for types alone. */
function graphOf(paths: readonly string[]): Graph {
  const known = new Set(paths);
  const target = (path: string, from: string) => {
    const base = posix.join(posix.dirname(path), from);
    return [`${base}.ts`, `${base}/index.ts`].find((file) => known.has(file));
  };
  return new Map(
    paths.map((path) => {
      const imports = importsOf(path, readFileSync(join(ROOT, path), 'utf8'));
      const targets = imports.map(({ from }) => (from?.startsWith('.') ? target(path, from) : undefined));
      return [path, targets.filter((file) => file !== undefined)];
    }),
  );
}

/** What is left when files that import none of the others, and files that none of them imports, are taken away. */
function inCircles(graph: Graph): readonly string[] {
  const left = new Set(graph.keys());
  const importsLeft = (path: string) => (graph.get(path) ?? []).filter((file) => left.has(file));
  for (let before = -1; before !== left.size;) {
    before = left.size;
    const imported = new Set([...left].flatMap(importsLeft));
    for (const path of left) if (importsLeft(path).length === 0 || !imported.has(path)) left.delete(path);
  }
  return [...left];
}

test('no files import each other in a circle, type imports included', () => {
  const folders = ['src', 'packages', 'demo'].filter((folder) => existsSync(join(ROOT, folder)));
  const graph = graphOf(folders.flatMap(sourcesBelow));
  expect(graph.get('src/vsphere/index.ts')?.length).toBeGreaterThan(3);
  expect(inCircles(graph)).toEqual([]);
});

test('a circle would be found, and what leads into it or out of it would not', () => {
  const graph = new Map([
    ['entry', ['a', 'leaf']],
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['a', 'leaf']],
    ['leaf', []],
  ]);
  expect(inCircles(graph)).toEqual(['a', 'b', 'c']);
});
