import { schedules, scope, test } from '../detector';
import { mutant, type Mutant } from '../mutant';

/** Guards of what is taken for an effect, and of what a task's record says. */
export const EVIDENCE: readonly Mutant[] = [
  mutant(
    'adopt by name only',
    [
      'decideLooking',
      'if (why !== undefined) return ask(why);',
      "const [vm] = look.vms;\n  if (why !== undefined && vm !== undefined) return { kind: 'done', vmId: vm.vmId, warnings: [] };\n  if (why !== undefined) return ask(why);",
    ],
    [scope('clone: three attempts')],
  ),
  mutant(
    'adopt ignores the baseline',
    ['newTasks', '!baseline.tasks.some((before) => before.taskId === taskId)', "taskId !== ''"],
    [scope('revert: three attempts')],
  ),
  mutant(
    'adopt ignores the user',
    ['provenEnds', "user !== undefined && compareAccounts(user, known.user) === 'same'", "user !== ''"],
    [test('unit/workflows/decide.test.ts', 'never adopts a candidate of another user')],
  ),
  mutant(
    'a task that names no account is ours',
    [
      'provenEnds',
      "user !== undefined && compareAccounts(user, known.user) === 'same'",
      "user === undefined || compareAccounts(user, known.user) === 'same'",
    ],
    [test('unit/workflows/decide.test.ts', 'neither adopts a revert that names no account')],
  ),
  mutant(
    'a task without a user does not make the look wait',
    ['mayShowMore', 'mayBeOurs(task.user, known)', 'task.user !== undefined && mayBeOurs(task.user, known)'],
    [test('unit/workflows/decide.test.ts', 'names no account makes the check wait')],
  ),
  mutant(
    'a task of another account is waited for',
    ['candidatesIn', 'mayBeOurs(task.user, known) && ', ''],
    [test('unit/workflows/decide.test.ts', 'waits for no task of another account')],
  ),
  mutant(
    'a candidate that does not end in time forbids nothing',
    ['whyNotPosted', 'if (overdue !== undefined)', "if (overdue === '')"],
    [test('unit/workflows/decide.test.ts', 'asks about a candidate that has not ended in time')],
  ),
  mutant(
    'an account in another spelling is another account',
    ['compareAccounts', "return left.domain === right.domain ? 'same' : 'unknown';", "return 'other';"],
    [test('unit/workflows/decide.test.ts', 'adopts a candidate of its user in the spelling')],
  ),
  mutant(
    'an account without a domain is another one',
    [
      'compareAccounts',
      "if (left === undefined || right === undefined) return 'unknown';",
      "if (left === undefined || right === undefined) return 'other';",
    ],
    [test('unit/workflows/decide.test.ts', 'does not post after a revert of a user who may be its own')],
  ),
  mutant(
    'a task of an account that may be ours forbids no post',
    ['whyNotPosted', 'if (doubtful !== undefined)', "if (doubtful?.taskId === '')"],
    [test('unit/workflows/decide.test.ts', 'does not post after a revert of a user who may be its own')],
  ),
  mutant(
    'the spelling of the account is not learned',
    ['learnedFrom', 'learnedAccount(user, end.user)', 'user'],
    [test('unit/workflows/decide.test.ts', 'whose own task spells the account')],
  ),
  mutant(
    'any task teaches who we are',
    ['learnedAccount', 'accountName(shown) === accountName(told) &&', ''],
    [test('unit/workflows/decide.test.ts', 'whose own task spells the account')],
  ),
  mutant(
    'SYSTEM_CREATED taken as proof',
    [
      'decideLooking',
      'if (why !== undefined) return ask(why);',
      "if (why?.includes('appeared') === true && known.operation === 'revert') return { kind: 'done', warnings: [] };\n  if (why !== undefined) return ask(why);",
    ],
    [
      scope('revert: three attempts'),
      test('unit/workflows/decide.test.ts', 'takes a new SYSTEM_CREATED snapshot'),
    ],
  ),
  mutant(
    'a start that was accepted and is forgotten is posted again',
    [
      'afterEnd',
      "if (end.kind === 'gone') return { known, phase: lost(end.taskId) };",
      "if (end.kind === 'gone') return { known, phase: UNKNOWN };",
    ],
    [test('unit/workflows/decide.test.ts', 'is never posted again without an operator')],
  ),
  mutant(
    "a predecessor's revert adopted",
    [
      'baselineLook',
      'if (!(await outwaited(look, prepared, status))) return look;',
      'if (!(await outwaited(look, prepared, status))) return { ...look, tasks: [], systemSnapshots: [] };',
    ],
    [schedules('revert', 300), test('workflow/revert/happy-path.test.ts', 'that queues behind another')],
  ),
  mutant(
    "another's effect adopted by a run that has lost its lock",
    [
      'wasTakenByAnother',
      'if (held?.lockRunId === lockRunId) return false;',
      "if (held?.lockRunId !== '') return false;",
    ],
    [test('workflow/faults/resets.test.ts', 'clones the same name does not take its machine')],
  ),
  mutant(
    'FAILED read as running',
    [
      'TaskWatcher',
      'if (isEnded(info.status)) return',
      "if (isEnded(info.status) && info.status !== 'FAILED') return",
    ],
    [schedules('clone', 300), test('workflow/faults/clone-ends.test.ts', 'whose task FAILED fails')],
  ),
  mutant(
    '404 as failure',
    [
      'taskEnd',
      "if (end.kind === 'gone') return { kind: 'gone' } as const;",
      "if (end.kind === 'gone') return { kind: 'failed', message: 'its record is gone' } as const;",
    ],
    [schedules('clone', 300), test('workflow/faults/clone-ends.test.ts', 'whose task record is gone')],
  ),
  mutant(
    'unknown status ignored',
    ['readStatus', 'const odd = { status: UNKNOWN_STATUS,', "const odd = { status: 'SUCCEEDED',"],
    [test('unit/vsphere/task-info.test.ts')],
  ),
  mutant(
    'a look leaves out what has an unknown status',
    [
      'lookForClone',
      "depth === 'first' ? 'open' : 'any'",
      "depth === 'first' || vmsNamed.length > 0 ? 'open' : 'any'",
    ],
    [test('workflow/clone/lost-replies.test.ts', 'a status that nobody knows')],
  ),
  mutant(
    'a look reads the tasks only before the inventory',
    [
      'lookForClone',
      "depth === 'first' || areExplained ?",
      "depth === 'first' || areExplained || vms.length > 0 ?",
    ],
    [test('workflow/clone/lost-replies.test.ts', 'between the two lists')],
  ),
  mutant(
    'what a run beside this one has posted is forgotten',
    ['recallEarlierRuns', 'isIncomplete || beside.some(mayHaveLeft)', 'isIncomplete'],
    [test('workflow/faults/resets.test.ts', 'that is not the newest')],
  ),
  mutant(
    'a first look that was thrown away is the baseline',
    ['recordedBaseline', '.findLast((look) => look !== undefined)', '.find((look) => look !== undefined)'],
    [test('unit/activities/recorded-baseline.test.ts', 'a check that was thrown away')],
  ),
  mutant(
    'tasks that run are listed by our user only',
    ['listVmTasks', '[listOpen(list), ', '[listOpen((filter) => list({ ...filter, users: users.users })), '],
    [test('unit/activities/list-vm-tasks.test.ts', 'open ones of all, and ours')],
  ),
  mutant(
    'a history that cannot be decoded is empty',
    [
      'decodeHistoryPayload',
      'throw new HistoryUnreadable(',
      "if (owner.workflowId !== '') return undefined;\n    throw new HistoryUnreadable(",
    ],
    [test('unit/contract/history-payload.test.ts', 'is refused, never nothing')],
  ),
  mutant(
    'a worker without the connection ends what runs',
    ['connectionOfStarted', 'throw ApplicationFailure.retryable(', 'throw ApplicationFailure.nonRetryable('],
    [test('unit/activities/create-activities.test.ts', 'is tried again')],
  ),
  mutant(
    "expiry is judged by the worker's clock",
    ['resolveSnapshot', "vsphere.hostNowMs('appliance')", 'Date.now()'],
    [test('workflow/clone/bad-input.test.ts', "expires soon by the appliance's clock")],
  ),
  mutant(
    'a gateway in an outage becomes a question',
    ['afterUnknown', 'if (answer !== undefined) return', "if (answer?.failure.type === 'NameTaken') return"],
    [test('unit/workflows/decide.test.ts', 'that a gateway answers goes on')],
  ),
  mutant(
    'what exists already is adopted',
    ['whyNotAdopted', 'return refusal?.mayBeOwn === true', 'return refusal?.final === false'],
    [test('unit/workflows/decide.test.ts', 'and adopts nothing')],
  ),
  mutant(
    'a name that a task of ours may have made is taken by others',
    ['nameTakenByOther', '  if (mayBeOwn) return undefined;\n', ''],
    [test('unit/workflows/decide.test.ts', 'asks where a new task'), scope('clone: three attempts')],
  ),
  mutant(
    'a name that an unanswered start may have made is taken by others',
    ['nameTakenByOther', 'refusal?.mayBeOwn !== true || !isAlone', 'refusal?.mayBeOwn !== true'],
    [test('unit/workflows/decide.test.ts', 'asks where an earlier start had no answer')],
  ),
  mutant(
    'Retry-After is ignored by starts',
    ['Pauses', 'Math.max(this.ownMs(type, nth), atLeastMs)', 'this.ownMs(type, nth) + 0 * atLeastMs'],
    [test('unit/workflows/pauses.test.ts', 'as long as the server asked for')],
  ),
];
