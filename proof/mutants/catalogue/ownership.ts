import { test } from '../detector';
import { mutant, type Mutant } from '../mutant';

/** Guards of whose machine it is. */
export const OWNERSHIP: readonly Mutant[] = [
  mutant(
    'an answer is taken unchecked',
    ['Operator', 'await checked(open.check, resolution);', 'await Promise.resolve();'],
    [test('workflow/operator/answers.test.ts', 'is refused as an answer, and is neither powered on')],
  ),
  mutant(
    'an answer may name a machine of another name',
    ['checkMachine', 'found.name !== target.name', "found.name === ''"],
    [test('unit/activities/check-answer.test.ts', 'is refused with the field')],
  ),
  mutant(
    'an answer may name a machine that is older',
    ['checkMachine', '(before.ofOthers ?? [])].includes(vmId)', "(before.ofOthers ?? [])].includes('')"],
    [test('unit/activities/check-answer.test.ts', 'is refused with the field')],
  ),
  mutant(
    'an answer may name what the allow-list forbids',
    ['checkAnswer', 'if (outside.length > 0) refuse(', 'if (outside.length > 99) refuse('],
    [test('unit/activities/check-answer.test.ts', 'is refused with the field')],
  ),
  mutant(
    'the machine of a named task is not checked',
    ['checkEnded', 'return checkMachine(site, input, task.resultId, options);', 'return;'],
    [test('unit/activities/check-answer.test.ts', 'of a clone of another name')],
  ),
];
