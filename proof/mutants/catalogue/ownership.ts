import { test } from '../detector';
import { mutant, type Mutant } from '../mutant';

/** Guards of whose machine it is. */
export const OWNERSHIP: readonly Mutant[] = [
  mutant(
    'an answer is taken unchecked',
    ['src/workflows/ask-operator.ts', 'await checked(open.check, resolution);', 'await Promise.resolve();'],
    [test('workflow/operator/answers.test.ts', 'is refused as an answer, and is neither powered on')],
  ),
  mutant(
    'an answer may name a machine of another name',
    ['src/activities/check-answer.ts', 'found.name !== target.name', "found.name === ''"],
    [test('unit/activities/check-answer.test.ts', 'is refused with the field')],
  ),
  mutant(
    'an answer may name a machine that is older',
    [
      'src/activities/check-answer.ts',
      '(before.ofOthers ?? [])].includes(vmId)',
      "(before.ofOthers ?? [])].includes('')",
    ],
    [test('unit/activities/check-answer.test.ts', 'is refused with the field')],
  ),
  mutant(
    'an answer may name what the allow-list forbids',
    ['src/activities/check-answer.ts', 'if (outside.length > 0) refuse(', 'if (outside.length > 99) refuse('],
    [test('unit/activities/check-answer.test.ts', 'is refused with the field')],
  ),
  mutant(
    'the machine of a named task is not checked',
    ['src/activities/check-answer.ts', 'await checkMachine(site, input, task.resultId, options);', ''],
    [test('unit/activities/check-answer.test.ts', 'of a clone of another name')],
  ),
];
