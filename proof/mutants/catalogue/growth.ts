import { test } from '../detector';
import { mutant, type Mutant } from '../mutant';

const LASTING = 'proof/lasting.test.ts';

/** Guards against a history that grows until the server ends its run. */
export const GROWTH: readonly Mutant[] = [
  mutant(
    'pauses never grow to an hour',
    ['Pauses', 'this.pausedMs >= LASTING_AFTER_MS', 'this.pausedMs >= LASTING_AFTER_MS * 1_000'],
    [test('unit/workflows/pauses.test.ts', 'the start is tried every hour')],
  ),
  mutant(
    'refusals that take turns begin anew for ever',
    ['Pauses', 'this.inAll++ < SHORT_PAUSES ?', 'this.inAll++ < SHORT_PAUSES * 1_000 ?'],
    [test('unit/workflows/pauses.test.ts', 'refusals that take turns')],
  ),
  mutant(
    'each try of a refused start is shown',
    ['RefusedStart', 'if (this.pauses.isSteady) status.keepState();', ''],
    [test(LASTING, 'are no question yet')],
  ),
  mutant(
    'what a wait shows has no least time',
    ['leastShownMs', 'changes < CHANGES_AT_ONCE', 'changes < CHANGES_AT_ONCE * 1_000'],
    [test('unit/workflows/least-shown.test.ts', 'each lasts longer')],
  ),
  mutant(
    'a wait does not heed its least time',
    ['BlockedDetector', '(this.blocked.leastShownMs ?? 0)', '0 * (this.blocked.leastShownMs ?? 0)'],
    [test('unit/activities/blocked-detector.test.ts', 'only after its least time')],
  ),
  mutant(
    'a long history asks nothing',
    ['Growth', 'return this.share >= this.allowed;', 'return this.share >= this.allowed * 1_000;'],
    [test('unit/workflows/growth.test.ts', 'a run is to ask'), test(LASTING, 'within 10,000 events, asks')],
  ),
  mutant(
    'the size of a history does not count',
    ['Growth', 'historySize / BYTES_A_QUESTION)', 'historySize / (BYTES_A_QUESTION * 1_000))'],
    [test('unit/workflows/growth.test.ts', 'a run is to ask')],
  ),
  mutant(
    'a run goes on into the end of its history',
    ['goesOn', 'growth.isSpent ?', "growth.isSpent && about !== 'history' ?"],
    [test('unit/workflows/growth.test.ts', 'given up only')],
  ),
  mutant(
    'a wait that flaps asks nothing',
    ['untilEnd', 'if (growth?.isDue === true) return', "if (growth?.isDue === true && taskId === '') return"],
    [test(LASTING, 'a wait that flaps for a month')],
  ),
  mutant(
    'an undo that is forbidden is tried for ever',
    ['undoing', 'ATTEMPTS_UNTIL_ASKED)', 'ATTEMPTS_UNTIL_ASKED * 1_000)'],
    [test(LASTING, 'is forbidden: it asks')],
  ),
  mutant(
    'an undo of a revert that is refused is tried for ever',
    ['RefusedStart', '>= undoBudgetMs', '>= undoBudgetMs * 1_000'],
    [test(LASTING, 'is forbidden: it asks')],
  ),
  mutant(
    'an undo that an outage stops is asked about',
    ['undoing', "cause.type === 'Unreachable'", "cause.type === 'Cancelled'"],
    [test(LASTING, 'in an outage of hours asks nothing')],
  ),
];
