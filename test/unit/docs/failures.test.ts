import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CLASSES } from '../../../src/activities/errors';
import { ERRORS } from '../../../src/contract/errors';
import { FAILURES } from '../../../src/contract/failures';

const ROOT = join(__dirname, '../../..');
const { renderFailures } = require(join(ROOT, 'scripts/render-failures.js')) as {
  renderFailures: (failures: object, errorClasses: object, errors: object) => string;
};

test('docs/failures.md says what the tables of the code say: else npm run docs:generate', () => {
  expect(readFileSync(join(ROOT, 'docs/failures.md'), 'utf8')).toBe(
    renderFailures(FAILURES, ERROR_CLASSES, ERRORS),
  );
});

test('every failure type has its row, with its exit code', () => {
  const page = readFileSync(join(ROOT, 'docs/failures.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([A-Z]\w+)` +\| (\d+) +\|/gm)].map(([, type, code]) => [
    type,
    Number(code),
  ]);
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(FAILURES).map(([type, { exitCode }]) => [type, exitCode])),
  );
});
