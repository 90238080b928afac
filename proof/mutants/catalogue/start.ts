import { schedules, scope, test } from '../detector';
import { mutant, type Mutant } from '../mutant';

/** Guards around the one post. */
export const START: readonly Mutant[] = [
  mutant(
    'no look before a post',
    ['guarded', 'return (await call.lookBefore(options)) ?? window;', 'return window;'],
    [test('workflow/faults/revert-ends.test.ts', 'finds the machine busy with somebody else')],
  ),
  mutant(
    'what exists already refuses a start',
    ['REFUSING', "  'not-allowed',\n", "  'not-allowed',\n  'already-exists',\n"],
    [test('unit/vsphere/call-errors.test.ts', 'a start answered')],
  ),
  mutant(
    'an acceptance that cannot be read is a refusal that passes',
    ['unknownAfter', 'if (status < FIRST_ERROR_STATUS)', 'if (status === 0)'],
    [test('unit/activities/start-once.test.ts', 'and no passing refusal')],
  ),
  mutant(
    'a session that no read has tried posts',
    ['startLinkedClone', 'await connection.vsphere.appliance.whoAmI(options);', ''],
    [test('workflow/clone/lost-replies.test.ts', 'is found by a read')],
  ),
  mutant(
    'a failed look reads as nothing',
    [
      'unlessTooMany',
      "if (!(error instanceof VsphereError) || error.errorType !== 'RESOURCE_INACCESSIBLE') throw error;",
      "if (!(error instanceof VsphereError) || error.errorType !== 'RESOURCE_INACCESSIBLE') return { tasks: [] };",
    ],
    [test('unit/activities/list-vm-tasks.test.ts', 'is no empty list'), schedules('clone', 300)],
  ),
  mutant(
    'an incomplete list reads as complete',
    ['listOpen', 'together(await Promise.all(ofEach))', 'together((await Promise.all(ofEach)).slice(0, 1))'],
    [test('unit/activities/list-vm-tasks.test.ts', 'the lists of every status together')],
  ),
  mutant(
    'no quarantine',
    [
      'decide',
      "return phase.hasWaited ? { kind: 'look', phase } : { kind: 'quarantine', phase };",
      "return { kind: 'look', phase };",
    ],
    [scope('clone: three attempts')],
  ),
  mutant(
    'the quarantine has no length',
    ['quarantine', 'return sleep(quarantineMs', 'return sleep(1'],
    [
      schedules('clone', 300),
      test('workflow/clone/lost-replies.test.ts', 'acts after the caller was cut off'),
    ],
  ),
  mutant(
    'the call of a dead worker is waited for no longer',
    ['afterLook', 'const hasWaited = mayBeLate !== true && ', 'const hasWaited = '],
    [
      scope('clone: three attempts'),
      test('workflow/faults/late-calls.test.ts', 'arrives after the safety wait and the check'),
    ],
  ),
  mutant(
    'a start that timed out had its word',
    ['orUnknown', 'return { ...outcome, withoutWord: true };', 'return outcome;'],
    [test('workflow/faults/late-calls.test.ts', 'arrives after the safety wait and the check')],
  ),
  mutant(
    'the call of a dead and terminated holder is waited out no longer than another',
    ['recentHolders', '(done === undefined || mayArriveLate(done) ? lateCallMs : 0)', '0'],
    [test('unit/activities/recent-holders.test.ts', 'is waited out until its call has arrived')],
  ),
  mutant(
    "a reset's start posts",
    [
      'unknownWithoutPosting',
      'if (runId === originalRunId || runId === quarantinedRunId) return undefined;',
      "if (runId !== '') return undefined;",
    ],
    [schedules('clone', 300), test('unit/activities/post-window.test.ts', 'of a run that a reset made')],
  ),
  mutant(
    'a paused and unpaused start posts',
    [
      'unknownWithoutPosting',
      'if (scheduledTimestampMs !== currentAttemptScheduledTimestampMs) {',
      'if (scheduledTimestampMs < 0 && currentAttemptScheduledTimestampMs < 0) {',
    ],
    [
      test('unit/activities/post-window.test.ts', 'that was scheduled anew'),
      test('workflow/faults/resets.test.ts', 'while its post is on its way'),
    ],
  ),
  mutant(
    'the post after a new login has no window',
    [
      'post',
      "first === 'unauthenticated' ? await postOnce(connection, call, window)",
      "first === 'unauthenticated' ? await postOnce(connection, call, { ...window, assertOpen: () => undefined })",
    ],
    [test('unit/activities/start-once.test.ts', 'has outlasted the window')],
  ),
  mutant(
    'no deadline check',
    ['openPostWindow', 'if (isOver()) throw', 'if (isOver() && windowMs < 0) throw'],
    [schedules('clone', 300), test('unit/activities/post-window.test.ts', 'refuses the write')],
  ),
  mutant(
    'task id only in heartbeats',
    [
      'postOnce',
      "return { kind: 'started', taskId };",
      "return { kind: 'unknown', reason: `posted ${taskId}` };",
    ],
    [test('workflow/clone/happy-path.test.ts', 'has one effect')],
  ),
  mutant(
    'no exclusion',
    [
      'acquireExclusion',
      '  { lockId, reserved }: Wanted,\n  whenBusy: WhenBusy,\n  status: Status,\n): Promise<Acquired> {\n',
      '  { lockId: commonId, reserved }: Wanted,\n  whenBusy: WhenBusy,\n  status: Status,\n): Promise<Acquired> {\n  const lockId = `${commonId}:${workflowInfo().runId}`;\n',
    ],
    [schedules('clone', 300), test('workflow/clone/exclusion.test.ts', 'have one effect: the second queues')],
  ),
  mutant(
    'a post needs any lock of that id',
    ['isHeld', '?.lockRunId === lockRunId', '?.lockRunId !== undefined && lockRunId !== undefined'],
    [test('unit/activities/start-once.test.ts', 'whose lock is another run of that id')],
  ),
  mutant(
    'a lock of whatever run of the request is its own',
    [
      'awaitExclusion',
      'lock.originalRunId === originalRunId',
      "originalRunId !== '' && lock.holderId === context.info.workflowExecution?.workflowId",
    ],
    [test('unit/activities/await-exclusion.test.ts', 'an earlier run of the same request has left behind')],
  ),
  mutant(
    'the task of a terminated holder is not waited for',
    ['recentHolders', 'if (openTasks.length > 0) return', 'if (openTasks.length > 99) return'],
    [test('workflow/faults/terminations.test.ts', 'is waited for by the next request of its name')],
  ),
  mutant(
    'identity from the run id',
    [
      'guards',
      'originalRunId: workflowInfo().originalExecutionRunId,',
      'originalRunId: workflowInfo().runId,',
    ],
    [schedules('clone', 300), test('workflow/faults/resets.test.ts', 'a clone whose reply was lost')],
  ),
  mutant(
    'Allow Duplicate',
    [
      'startAsked',
      "reuse: requestId === undefined ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',",
      "reuse: 'ALLOW_DUPLICATE',",
    ],
    [test('workflow/client/start.test.ts', 'attaches to the finished operation')],
  ),
  mutant(
    'the run of another request is attached to',
    ['assertSameRequest', 'if (different === undefined) return;', "if (different !== '') return;"],
    [test('workflow/contract.test.ts', 'is no match for a repeat')],
  ),
  mutant(
    'a digest outweighs the request beside it',
    [
      'assertSameRequest',
      'known === undefined',
      'known === undefined || run.memo?.[MEMO.digest] !== undefined',
    ],
    [test('workflow/contract.test.ts', 'beside the digest of this one')],
  ),
  mutant(
    'the memo tells which workflow runs',
    ['assertSameRequest', 'operationOfWorkflow(run.type)', 'asked.operation'],
    [test('workflow/contract.test.ts', 'runs another workflow')],
  ),
  mutant(
    'capacity as final',
    [
      'ERROR_CLASSES',
      "'not-allowed': row('final', 'refused', 'blocked', 'Rejected'),",
      "'not-allowed': row('final', 'final', 'blocked', 'Rejected'),",
    ],
    [test('workflow/clone/lost-replies.test.ts', 'for lack of capacity')],
  ),
  mutant(
    '401 as final',
    ['post', "first === 'unauthenticated' ? await postOnce(connection, call, window) : first;", 'first;'],
    [test('workflow/clone/lost-replies.test.ts', 'because its session ended')],
  ),
  mutant(
    '5xx after a POST retried at once',
    [
      'REFUSING',
      "  'not-found',\n  'busy',\n]);",
      "  'not-found',\n  'busy',\n  'interrupted',\n  'server-error',\n]);",
    ],
    [test('unit/vsphere/call-errors.test.ts', 'may have had its effect')],
  ),
];
