import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly exports: { readonly '.': Readonly<Record<string, unknown>> };
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}
interface Fences {
  readonly zones: readonly { readonly folder: string; readonly packages: readonly string[] }[];
}

const ROOT = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const manifestOf = (folder: string): Manifest => JSON.parse(read(join(folder, 'package.json'))) as Manifest;

const root = manifestOf('.');
const packages = readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}`);

describe.each(packages)('%s', (folder) => {
  const manifest = manifestOf(folder);

  test('has the version, the licence and the Node of the worker, and a README', () => {
    const { version, license, engines } = root;
    expect(manifest).toMatchObject({ version, license, engines });
    expect(read(join(folder, 'LICENSE'))).toBe(read('LICENSE'));
    expect(read(join(folder, 'README.md'))).toContain(`npm install ${manifest.name}`);
  });

  test('is looked at by publint, and set up before it is packed', () => {
    expect(root.scripts['package:check']).toContain(`publint --strict ${folder}`);
    expect(manifest.scripts['prepack']).toMatch(/^node \.\.\/\.\.\/scripts\/\S+\.mjs$/);
  });

  test('leads the tools of this repository to its sources, and publishes them', () => {
    if (!existsSync(join(ROOT, folder, 'src')))
      return expect(manifest.exports['.']).not.toHaveProperty('source');
    expect(Object.keys(manifest.exports['.'])[0]).toBe('source');
    expect(existsSync(join(ROOT, folder, String(manifest.exports['.']['source'])))).toBe(true);
    expect(manifest.files).toEqual(['dist', 'src']);
    expect(root.scripts['build']).toContain(`tsc -p ${folder} `);
  });

  test('wants the same version of a package as the worker', () => {
    for (const [name, version] of Object.entries(manifest.dependencies))
      expect(root.dependencies[name] ?? version).toBe(version);
  });
});

test('the client has the dependencies of the folders that it is a copy of', () => {
  const { zones } = JSON.parse(read('fences.json')) as Fences;
  const copied = zones.filter(({ folder }) => /^src\/(client|contract|request)$/.test(folder));
  expect(copied).toHaveLength(3);
  const wanted = new Set(copied.flatMap((zone) => zone.packages));
  expect(Object.keys(manifestOf('packages/client').dependencies).toSorted()).toEqual([...wanted].toSorted());
});

test('the worker wants neither a web server nor a test server', () => {
  for (const name of ['fastify', '@temporalio/testing', 'snapflow-simulator', 'snapflow-dev-server'])
    expect(root.dependencies).not.toHaveProperty(name);
});

test('what the packages bring for tests is in no list of the worker: npm would then install it with a worker, too', () => {
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: object };
  for (const name of ['fastify', '@temporalio/testing']) expect(devDependencies).not.toHaveProperty(name);
});
