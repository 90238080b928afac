import { test } from '../detector';
import { mutant, type Mutant } from '../mutant';

const PERMITS = 'unit/worker/start-permits.test.ts';

/** Guards of a crowd that waits for places. */
export const ADMISSION: readonly Mutant[] = [
  mutant(
    'a place is free once its start has returned',
    ['StartPermits', 'this.tasks.set(taskId, { kind, waits: 0, sinceMs: this.nowMs() });', ''],
    [test(PERMITS, 'after a refusal the end of a task lets one start go')],
  ),
  mutant(
    'one that has gone still waits for a permit',
    ['StartPermits', 'const leave = () => {\n        this.waiting.delete(waiter);', 'const leave = () => {'],
    [test(PERMITS, 'whatever happens in whatever order')],
  ),
  mutant(
    'the gate never opens again',
    ['StartPermits', 'gate.room = undefined;\n', ''],
    [test(PERMITS, 'a start that shows more room than was known opens the gate')],
  ),
  mutant(
    'permits that poll take places from the other kind',
    ['StartPermits', 'gate.held - this.underWay(kind);', 'gate.held - this.gates.revert.held;'],
    [test(PERMITS, 'keep no start of the other from going')],
  ),
  mutant(
    'a refused start goes to the end of its queue',
    ['Pauses', 'this.type === WANT_OF_ROOM && this.ofType <= FIRST_IN_LINE', 'false'],
    [test('unit/workflows/pauses.test.ts', 'eight tries follow at once, first in line')],
  ),
  mutant(
    'a start reports that it was cancelled',
    [
      'asInterrupted',
      `=>
  ApplicationFailure.create({
    message: error instanceof Error ? error.message : String(error),
    nonRetryable: true,
    ...(error instanceof Error ? { cause: error } : {}),
  })`,
      '=> error as Error',
    ],
    [test('unit/activities/start-once.test.ts', 'in any of its calls never reports that')],
  ),
];
