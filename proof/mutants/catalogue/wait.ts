import { schedules, test } from '../detector';
import { mutant, type Mutant } from '../mutant';

/** Guards of the wait and of what it verifies. */
export const WAIT: readonly Mutant[] = [
  mutant(
    'a candidate is waited for without end',
    ['untilEnd', 'isShown ? undefined', 'isShown || !isOurs ? undefined'],
    [
      test('unit/workflows/await-task.test.ts', 'the wait of a candidate ends'),
      test('workflow/faults/open-tasks.test.ts', 'that does not end in time'),
    ],
  ),
  mutant(
    'a wait without a slot fails',
    ['waitOnce', 'if (neverBegan(error))', "if (neverBegan(error) && taskId === '')"],
    [test('unit/workflows/await-task.test.ts', 'without a slot')],
  ),
  mutant(
    'attempts that fail wait without end',
    ['awaitTaskWhere', 'if (isOverdue(input))', "if (isOverdue(input) && input.taskId === '')"],
    [test('unit/activities/await-task.test.ts', 'where its attempts fail')],
  ),
  mutant(
    'a read that fails ends the wait',
    ['verifiedEnd', '.catch(() => undefined)', ''],
    [test('unit/activities/await-task.test.ts', 'it tells the end alone')],
  ),
  mutant(
    'what an earlier run verified is taken for its own',
    ['UndisturbedStep', '=== this.scheduledAt', '>= this.scheduledAt'],
    [
      test('unit/workflows/undisturbed-step.test.ts', 'has just ended undisturbed'),
      test('workflow/faults/resets.test.ts', 'was undone to the end of its wait'),
    ],
  ),
  mutant(
    'a machine that does not show at once is gone',
    [
      'untilVisible',
      'if (!isMissing || performance.now() >= until) throw error;',
      'if (!isMissing || performance.now() < until) throw error;',
    ],
    [schedules('clone', 300)],
  ),
  mutant(
    'success without verify',
    [
      'finishClone',
      'atEnd?.clone ??',
      "(atEnd?.clone === undefined || sourceVmId !== '' ? { runId: prepared.baseline.runId, name, warnings: [] as readonly Warning[] } : undefined) ??",
    ],
    [test('workflow/faults/clone-ends.test.ts', 'is renamed right after the task')],
  ),
];
