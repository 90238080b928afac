import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (name: string): string => readFileSync(join(__dirname, '../..', name), 'utf8');

test('the licence is the whole Apache License that package.json names', () => {
  expect((JSON.parse(read('package.json')) as { license: string }).license).toBe('Apache-2.0');
  expect(read('LICENSE')).toContain('Version 2.0, January 2004');
  expect(read('LICENSE')).toContain('END OF TERMS AND CONDITIONS');
});

test('every npm command that CONTRIBUTING.md names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read('CONTRIBUTING.md').matchAll(/npm (?:run )?([a-z\d:]+)/g)].map(
    ([, name]) => name ?? '',
  );
  expect(named.filter((name) => !['install', 'ci', 'pack'].includes(name) && !(name in scripts))).toEqual([]);
  expect(named).toContain('verify');
});

test('every built file that a script loads has its source', () => {
  const built = readdirSync(join(__dirname, '../../scripts')).flatMap((script) =>
    [...read(`scripts/${script}`).matchAll(/'dist\/([\w/-]+)\.js'/g)].map(([, path]) => path ?? ''),
  );
  expect(built.length).toBeGreaterThan(3);
  // The bundle is made of all workflows.
  const orphans = built.filter(
    (path) => path !== 'workflow-bundle' && !existsSync(join(__dirname, `../../src/${path}.ts`)),
  );
  expect(orphans).toEqual([]);
});
