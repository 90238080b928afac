import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../../../src/cli/errors';
import { FAILURES } from '../../../src/contract/failures';

const TESTS = join(__dirname, '../..');

/** For every documented code a test that runs the command line and sees it, and words of that test's title. */
const CASES: Readonly<Record<number, readonly [file: string, title: string]>> = {
  0: ['e2e/cli.test.ts', 'a clone is made, printed as data'],
  1: ['e2e/cli.test.ts', 'a clone that needs a decision says what to type, alarms a list'],
  2: ['e2e/cli.test.ts', 'a revert needs --yes where nobody can be asked'],
  3: ['e2e/cli.test.ts', 'a missing machine or id with 3'],
  4: ['e2e/bad-input.test.ts', 'a Temporal server and a namespace that are not there'],
  5: ['e2e/cli.test.ts', 'an id that another request has is refused with 5'],
  6: ['e2e/cli.test.ts', 'a clone that needs a decision says what to type'],
  7: ['e2e/cli.test.ts', 'Ctrl-C leaves the operation alone'],
  8: ['e2e/cli.test.ts', 'Ctrl-C leaves the operation alone'],
  9: ['workflow/cli/golden.test.ts', 'a machine that is on is kept, with exit code 9'],
  130: ['e2e/cli.test.ts', 'Ctrl-C leaves the operation alone'],
};

const documented = new Set<number>([
  ...Object.values(EXIT),
  ...Object.values(FAILURES).map(({ exitCode }) => exitCode),
]);

test('every documented exit code has its case', () => {
  expect(Object.keys(CASES).map(Number)).toEqual([...documented].toSorted((a, b) => a - b));
});

test.each(Object.entries(CASES))('exit code %s is seen by a test that exists', (code, [file, title]) => {
  const text = readFileSync(join(TESTS, file), 'utf8');
  const at = text.indexOf(title);
  expect(at).toBeGreaterThan(0);
  const body = text.slice(at, text.indexOf('\n});\n', at));
  expect(body).toMatch(new RegExp(`\\b${code}\\b`));
});
