// The order of `npm test` on a fresh clone, where jest knows no durations yet and goes by the size of a file: longest first,
// so that no long suite begins when the others are done.
const { createRequire } = require('node:module');
const path = require('node:path');

/** Jest's own, wherever npm has put it. */
const jestCore = createRequire(require.resolve('jest')).resolve('@jest/core');
const { default: TestSequencer } = createRequire(jestCore)('@jest/test-sequencer');

/** Seconds on two cores with three workers; only the order counts, so a suite that is not here is a short one. */
const SECONDS = {
  'test/e2e/proof.test.ts': 190,
};
const SHORT_SECONDS = 5;

const expectedMs = (test) => {
  const file = path.relative(test.context.config.rootDir, test.path).replaceAll(path.sep, '/');
  return test.duration ?? (SECONDS[file] ?? SHORT_SECONDS) * 1_000;
};

/** What failed last time first, as jest has it; then by the last duration, else by the table. */
module.exports = class LongestFirst extends TestSequencer {
  sort(tests) {
    // Sets the durations that are known; the order of equals stays jest's.
    // oxlint-disable-next-line unicorn/no-array-sort -- no array's: that of the class
    const sorted = super.sort(tests);
    const failedFirst = (a, b) => Number(this.hasFailed(b)) - Number(this.hasFailed(a));
    return sorted.toSorted((a, b) => failedFirst(a, b) || expectedMs(b) - expectedMs(a));
  }
};
