import { mutant, type Mutant } from '../mutant';

/** Guards around the one post. */
export const START: readonly Mutant[] = [
  mutant(
    'no look before a post',
    [
      'src/activities/start-once.ts',
      'return (await call.lookBefore({ requestId: callerId(), signal: window.signal })) ?? window;',
      'return window;',
    ],
    ['workflow/faults/revert-ends.test.ts', 'workflow/revert/happy-path.test.ts'],
  ),
  mutant(
    'a failed look reads as nothing',
    [
      'src/activities/list-vm-tasks.ts',
      'if (!isTooMany(error)) throw error;',
      'if (!isTooMany(error)) return [];',
    ],
    ['workflow/faults/error-table-reads.test.ts'],
  ),
  mutant(
    'an incomplete list reads as complete',
    [
      'src/activities/list-vm-tasks.ts',
      'return lists.flat().map(observed);',
      'return lists.slice(0, 1).flat().map(observed);',
    ],
    ['workflow/unsuitable-servers.test.ts', 'workflow/servers-that-misbehave.test.ts'],
  ),
  mutant(
    'no quarantine',
    [
      'src/workflows/decide.ts',
      "if (e.candidates === undefined && !e.quarantined) return { kind: 'quarantine' };",
      '',
    ],
    ['unit/workflows/decide.test.ts'],
  ),
  mutant(
    'the quarantine has no length',
    ['src/workflows/obtain-effect.ts', 'sleep(steps.quarantineMs', 'sleep(1'],
    ['workflow/clone/lost-replies.test.ts'],
  ),
  mutant(
    "a reset's start posts",
    [
      'src/activities/post-window.ts',
      'if (runId === originalRunId || runId === quarantinedRunId) return undefined;',
      "if (runId !== '') return undefined;",
    ],
    ['workflow/faults/resets.test.ts'],
  ),
  mutant(
    'a paused and unpaused start posts',
    [
      'src/activities/post-window.ts',
      'if (scheduledTimestampMs !== currentAttemptScheduledTimestampMs) {',
      'if (scheduledTimestampMs < 0 && currentAttemptScheduledTimestampMs < 0) {',
    ],
    ['workflow/faults/resets.test.ts'],
  ),
  mutant(
    'no deadline check',
    ['src/activities/post-window.ts', 'if (isOver()) throw', 'if (isOver() && windowMs < 0) throw'],
    [],
  ),
  mutant(
    'task id only in heartbeats',
    [
      'src/activities/start-once.ts',
      "return { kind: 'started', taskId };",
      "return { kind: 'unknown', reason: `posted ${taskId}` };",
    ],
    [
      'workflow/clone/happy-path.test.ts',
      'workflow/revert/happy-path.test.ts',
      'workflow/clone/exclusion.test.ts',
    ],
  ),
  mutant(
    'no exclusion',
    [
      'src/workflows/acquire-exclusion.ts',
      '  lockId: string,\n  whenBusy: WhenBusy,\n  status: Status,\n): Promise<Acquired> {\n',
      '  commonId: string,\n  whenBusy: WhenBusy,\n  status: Status,\n): Promise<Acquired> {\n  const lockId = `${commonId}:${workflowInfo().runId}`;\n',
    ],
    ['workflow/clone/exclusion.test.ts'],
  ),
  mutant(
    'identity from the run id',
    [
      'src/workflows/start-steps.ts',
      'originalRunId: workflowInfo().originalExecutionRunId,',
      'originalRunId: workflowInfo().runId,',
    ],
    ['workflow/faults/resets.test.ts'],
  ),
  mutant(
    'Allow Duplicate',
    [
      'src/client/snapflow.ts',
      "reuse: requestId === undefined ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',",
      "reuse: 'ALLOW_DUPLICATE',",
    ],
    ['workflow/client/start.test.ts', 'workflow/clone/happy-path.test.ts'],
  ),
  mutant(
    'capacity as final',
    [
      'src/activities/error-classes.ts',
      "'not-allowed': row('final', 'refused', 'blocked', 'Rejected'),",
      "'not-allowed': row('final', 'final', 'blocked', 'Rejected'),",
    ],
    ['workflow/faults/error-table-start.test.ts', 'workflow/clone/lost-replies.test.ts'],
  ),
  mutant(
    '401 as final',
    [
      'src/activities/start-once.ts',
      "first === 'unauthenticated' ? await postOnce(site, call, window) : first;",
      'first;',
    ],
    ['workflow/clone/lost-replies.test.ts'],
  ),
  mutant(
    '5xx after a POST retried at once',
    [
      'src/vsphere/call-failure.ts',
      "  'not-found',\n  'busy',\n]);",
      "  'not-found',\n  'busy',\n  'interrupted',\n  'server-error',\n]);",
    ],
    ['unit/vsphere/change-calls.test.ts', 'unit/vsphere/call-errors.test.ts'],
  ),
];
