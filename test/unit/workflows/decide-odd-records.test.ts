import type { Look, ObservedTask, TaskEnd } from '../../../src/contract/evidence';
import { decide } from '../../../src/workflows/decide';
import type { Evidence } from '../../../src/workflows/phases';
import {
  cloneEvidence,
  ended,
  look,
  looked,
  OTHER,
  revertEvidence,
  SOURCE,
  succeeded,
  task,
  unknown,
  US,
  vm,
  waited,
} from './evidence';

const seen = (e: Evidence, what: Look) => decide(looked(unknown(e), what));
const snapshots = (what: Partial<Look> = {}) => look({ systemSnapshots: ['before'], ...what });
const NOT_ALL = 'what is there cannot be told';

test.each([
  ['a clone', cloneEvidence(), look({ inconclusive: NOT_ALL })],
  ['a revert', revertEvidence(), snapshots({ inconclusive: NOT_ALL })],
  [
    'a revert whose first check was not whole',
    revertEvidence({ baseline: snapshots({ inconclusive: NOT_ALL }) }),
    snapshots(),
  ],
])('%s of which nothing is found in lists that are not whole asks, with the reason', (_what, e, what) => {
  expect(seen(e, what)).toMatchObject({ kind: 'needs-decision', why: NOT_ALL });
});

test('a clone whose machine and task are there is adopted from lists that are not whole', () => {
  const made = look({ vms: [vm('vm-new')], tasks: [task('t1')], inconclusive: NOT_ALL });
  const known = ended(looked(unknown(cloneEvidence()), made), succeeded('t1', { resultId: 'vm-new' }));
  expect(decide(looked(known, made))).toMatchObject({ kind: 'done', vmId: 'vm-new', taskId: 't1' });
});

function revertThen(baseline: Look, end: TaskEnd) {
  const what = snapshots({ tasks: [task('t1')] });
  const known = looked(ended(looked(unknown(revertEvidence({ baseline })), what), end), snapshots());
  const next = decide(known);
  return next.kind === 'quarantine' ? decide(looked(waited(known), snapshots())) : next;
}

test('a revert adopts no task with a result that is no id, and none that its first check may have missed', () => {
  expect(revertThen(snapshots(), succeeded('t1'))).toMatchObject({ kind: 'done', taskId: 't1' });
  expect(revertThen(snapshots(), { ...succeeded('t1'), oddResult: true })).not.toMatchObject({
    kind: 'done',
  });
  expect(revertThen(snapshots({ inconclusive: NOT_ALL }), succeeded('t1'))).toMatchObject({
    kind: 'needs-decision',
    why: NOT_ALL,
  });
});

const ODD = { status: 'UNKNOWN', hasEnded: true } as const;

test('a clone waits for no ended task of unknown status, unless it made a machine of the name', () => {
  const nothing = look({ tasks: [task('t1', { ...ODD, user: OTHER, resultId: 'vm-else' })] });
  expect(seen(cloneEvidence(), nothing)).toMatchObject({ kind: 'post' });
  const made = look({ vms: [vm('vm-new')], tasks: [task('t1', { ...ODD, resultId: 'vm-new' })] });
  expect(seen(cloneEvidence(), made)).toMatchObject({ kind: 'await', taskId: 't1' });
});

test('what an ended task of unknown status and our account made may become visible: the clone waits once more', () => {
  expect(seen(cloneEvidence(), look({ tasks: [task('t1', ODD)] }))).toMatchObject({ kind: 'quarantine' });
});

describe('fields taken out of a task that is ours, in pairs', () => {
  const clone: ObservedTask = {
    taskId: 't1',
    status: 'SUCCEEDED',
    targetId: SOURCE,
    user: US,
    resultId: 'vm-new',
  };
  const revert: ObservedTask = { taskId: 't1', status: 'SUCCEEDED', targetId: SOURCE, user: US };
  const FIELDS = ['status', 'targetId', 'user', 'resultId'] as const;
  const pairs = FIELDS.flatMap((one) => FIELDS.map((other) => [one, other] as const));
  /** As the reader would tell it: a status that is missing is an unknown one. */
  const without = (whole: ObservedTask, fields: readonly string[]): ObservedTask => ({
    ...(Object.fromEntries(
      Object.entries(whole).filter(([field]) => !fields.includes(field)),
    ) as unknown as ObservedTask),
    ...(fields.includes('status') ? { status: 'UNKNOWN' as const } : {}),
  });

  test.each(pairs)('%s and %s: neither a clone nor a revert is posted again at once', (one, other) => {
    const what = { tasks: [without(clone, [one, other])], vms: [vm('vm-new')] };
    expect(seen(cloneEvidence(), look(what))).not.toMatchObject({ kind: 'post' });
    const back = snapshots({ tasks: [without(revert, [one, other])], systemSnapshots: ['before', 'new'] });
    expect(seen(revertEvidence(), back)).not.toMatchObject({ kind: 'post' });
  });
});
