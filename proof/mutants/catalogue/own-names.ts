import { scope, test } from '../detector';
import { mutant, type Mutant } from '../mutant';

const DECIDE = 'unit/workflows/decide.test.ts';
const WORKFLOW = 'workflow/clone/own-name.test.ts';

/** Guards of a clone whose name only its request has. */
export const OWN_NAMES: readonly Mutant[] = [
  mutant(
    'an own name proves nothing',
    ['machineOfOwnName', 'known.hasOwnName !== true', 'known.hasOwnName !== undefined'],
    [scope('clone: own name, three attempts')],
  ),
  mutant(
    'what a task that was awaited and failed has left is an effect',
    ['mayBeLeftover', "kind === 'failed'", "kind === 'gone'"],
    [test(DECIDE, 'never adopts what a failed task may have left')],
  ),
  mutant(
    'what a task that had failed before the check has left is an effect',
    ['mayBeLeftover', "status === 'FAILED'", "status === 'BLOCKED'"],
    [test(DECIDE, 'never adopts what a failed task may have left')],
  ),
  mutant(
    'a machine of an own name is adopted while a task that cannot be read may work',
    [
      'decideLooking',
      'unreadEnds({ known, phase }).length === 0',
      'unreadEnds({ known, phase }).length >= 0',
    ],
    [test(DECIDE, 'beside a task that cannot be read')],
  ),
  mutant(
    'a failed task is a failure although its twin has made the machine',
    ['decideEnded', 'own?.taskId === undefined', "own?.taskId !== ''"],
    [scope('clone: own name, a call that is delivered twice')],
  ),
  mutant(
    'a second delivery that finds the own name taken is a refusal',
    ['startLinkedClone', 'if (isOwnName(input))', "if (isOwnName(input) && message === '')"],
    [test(WORKFLOW, 'is delivered twice, and so answered as ALREADY_EXISTS')],
  ),
  mutant(
    'a caller without a nonce gets another name when it is run again',
    ['nameToMake', 'again === undefined ? undefined', 'again !== undefined ? undefined'],
    [test(WORKFLOW, 'keeps the name that its first run has recorded')],
  ),
  mutant(
    'the caller that runs a clone again does not know its name',
    ['withNonceOf', 'memo?.[MEMO.name]', "''"],
    [test(WORKFLOW, 'run again after a termination keeps its name')],
  ),
  mutant(
    'two that ask alike are one operation',
    ['derivedRequestId', 'nonce ??', 'nonce?.slice(8) ??'],
    [test(WORKFLOW, 'beside one that asks alike')],
  ),
  mutant(
    'a clone is run again under a new id',
    ['startAsked', 'isOwn && again && requestId === undefined', "isOwn && again && requestId === ''"],
    [test(WORKFLOW, 'run again without its request id')],
  ),
];
