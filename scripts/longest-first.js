// The order of `npm test` on a fresh clone, where jest knows no durations yet and goes by the size of a file: longest first,
// so that no long suite begins when the others are done.
const { createRequire } = require('node:module');
const path = require('node:path');

/** Jest's own, wherever npm has put it. */
const jestCore = createRequire(require.resolve('jest')).resolve('@jest/core');
const { default: TestSequencer } = createRequire(jestCore)('@jest/test-sequencer');

/** Seconds, measured on two busy cores; only the order counts, so a suite that is not here is a short one. */
const SECONDS = {
  'test/e2e/proof.test.ts': 260,
  'test/e2e/cli.test.ts': 197,
  'test/e2e/bench.test.ts': 60,
  'test/e2e/operations.test.ts': 190,
  'test/workflow/patience.test.ts': 150,
  'test/workflow/faults/resets.test.ts': 190,
  'test/workflow/operator/resolve.test.ts': 134,
  'test/workflow/faults/error-table-reads.test.ts': 127,
  'test/e2e/worker.test.ts': 123,
  'test/e2e/languages.test.ts': 117,
  'test/e2e/crash.test.ts': 115,
  'test/ui/temporal-ui.test.ts': 112,
  'test/workflow/again.test.ts': 110,
  'test/workflow/faults/revert-stops.test.ts': 105,
  'test/proof/simulation.test.ts': 101,
  'test/workflow/faults/clone-stops.test.ts': 101,
  'test/workflow/refused-logins.test.ts': 93,
  'test/workflow/doctor/temporal.test.ts': 81,
  'test/workflow/clone/exclusion.test.ts': 69,
  'test/workflow/releases.test.ts': 67,
  'test/workflow/connections.test.ts': 60,
  'test/e2e/package.test.ts': 91,
  'test/workflow/faults/revert-ends.test.ts': 72,
  'test/e2e/image.test.ts': 87,
  'test/e2e/client-package.test.ts': 60,
  'test/e2e/readme.test.ts': 56,
  'test/e2e/fresh-clone.test.ts': 43,
  'test/proof/model.test.ts': 55,
  'test/workflow/faults/clone-ends.test.ts': 50,
  'test/e2e/demo.test.ts': 47,
  'test/workflow/revert/happy-path.test.ts': 44,
  'test/e2e/bad-input.test.ts': 43,
  'test/hostile/callers.test.ts': 150,
  'test/workflow/faults/error-table-start.test.ts': 123,
  'test/workflow/clone/lost-replies.test.ts': 67,
  'test/workflow/faults/terminations.test.ts': 56,
  'test/workflow/operator/unreadable-task.test.ts': 53,
  'test/hostile/replies.test.ts': 55,
  'test/conformance/appliance.test.ts': 41,
  'test/hostile/fuzz.test.ts': 87,
  'test/hostile/secrets.test.ts': 78,
};
const SHORT_SECONDS = 5;

function expectedMs(test) {
  const file = path.relative(test.context.config.rootDir, test.path).replaceAll(path.sep, '/');
  return test.duration ?? (SECONDS[file] ?? SHORT_SECONDS) * 1_000;
}

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
