import { omitUndefined } from '../../../src/contract/omit-undefined';
import type { Look, TaskEnd } from '../../../src/contract/evidence';
import { decide, type Decision } from '../../../src/workflows/decide';
import { firstEvidence } from '../../../src/workflows/evidence';
import type { Evidence } from '../../../src/workflows/phases';
import {
  answered,
  cloneEvidence,
  ended,
  failed,
  gone,
  look,
  looked,
  lost,
  OTHER,
  paused,
  posted,
  recalled,
  revertEvidence,
  shown,
  SOURCE,
  started,
  succeeded,
  task,
  unknown,
  unreadable,
  US,
  vm,
  waited,
} from './evidence';

const refusal = (final: boolean) =>
  ({ kind: 'refused', final, failure: { type: 'Rejected', message: 'capacity' } }) as const;
const UNKNOWN = { kind: 'unknown', reason: 'the answer was lost' } as const;
const snapshots = (...systemSnapshots: string[]) => look({ systemSnapshots });

describe.each([
  ['clone', cloneEvidence, look()],
  ['revert', revertEvidence, snapshots('before')],
] as const)('a %s', (operation, evidence, nothingNew) => {
  test('that cannot have posted posts at once: foreign tasks forbid nothing', () => {
    const baseline = { ...nothingNew, tasks: [task('sibling')] };
    expect(decide(evidence({ baseline }))).toMatchObject({ kind: 'post' });
  });

  test('that was refused for now pauses, then posts, unlimited', () => {
    const refused = posted(evidence(), refusal(false));
    expect(decide(refused)).toMatchObject({ kind: 'pause', because: refusal(false).failure });
    expect(decide(paused(refused))).toMatchObject({ kind: 'post' });
  });

  test('that was refused for good and never unknown ends at once', () => {
    expect(decide(posted(evidence(), refusal(true)))).toEqual({
      kind: 'fail',
      failure: refusal(true).failure,
    });
  });

  test('after an unknown start waits out the quarantine, looks, and only then posts again', () => {
    const e = posted(evidence(), UNKNOWN);
    expect(decide(e)).toMatchObject({ kind: 'quarantine' });
    expect(decide(waited(e))).toMatchObject({ kind: 'look' });
    expect(decide(looked(waited(e), nothingNew))).toMatchObject({ kind: 'post' });
  });

  describe("whose start ended without its worker's word", () => {
    const SILENT = { ...UNKNOWN, withoutWord: true } as const;
    const resultId = operation === 'clone' ? { resultId: 'vm-new' } : {};
    const made = { ...nothingNew, vms: operation === 'clone' ? [vm('vm-new')] : [] };

    test('and whose task the first check shows adopts it, and waits for no late call', () => {
      const seen = { ...made, tasks: [task('t1')] };
      let e = looked(waited(posted(evidence(), SILENT)), seen);
      expect(decide(e)).toMatchObject({ kind: 'await', taskId: 't1' });
      e = ended(e, succeeded('t1', resultId));
      expect(decide(looked(e, seen))).toMatchObject({ kind: 'done', taskId: 't1' });
    });

    test("and of which the first check shows nothing posts again only after the late call's time and a check", () => {
      const e = looked(waited(posted(evidence(), SILENT)), nothingNew);
      expect(decide(e)).toMatchObject({ kind: 'quarantine', late: true });
      expect(decide(waited(e))).toMatchObject({ kind: 'look' });
      expect(decide(looked(waited(e), nothingNew))).toMatchObject({ kind: 'post' });
    });

    test.each(['RUNNING', 'SUCCEEDED'] as const)(
      'and whose call arrived in that time is awaited and adopted, its task being %s by then',
      (status) => {
        const late = looked(waited(posted(evidence(), SILENT)), nothingNew);
        const seen = { ...made, tasks: [task('t1', { status, ...resultId })] };
        const e = looked(waited(late), seen);
        expect(decide(e)).toMatchObject({ kind: 'await', taskId: 't1' });
        expect(decide(looked(ended(e, succeeded('t1', resultId)), seen))).toMatchObject({
          kind: 'done',
          taskId: 't1',
        });
      },
    );

    test("waits for no late call of the next one, if that had its worker's word", () => {
      const again = looked(waited(looked(waited(posted(evidence(), SILENT)), nothingNew)), nothingNew);
      const e = looked(waited(posted(again, UNKNOWN)), nothingNew);
      expect(decide(e)).toMatchObject({ kind: 'post' });
    });

    test.each([
      ['recorded no task', {}],
      ['recorded a task whose record is gone', { taskIds: ['mine'], ends: [gone('mine')] }],
    ])("in an earlier run that %s is posted again only after the late call's time", (_what, earlier) => {
      let e = looked(waited(recalled(evidence(), { ...earlier, withoutWord: true })), nothingNew);
      if (decide(e).kind === 'needs-decision') e = looked(answered(e, { kind: 'repeat' }), nothingNew);
      expect(decide(e)).toMatchObject({ kind: 'quarantine', late: true });
      expect(decide(looked(waited(e), nothingNew))).toMatchObject({ kind: 'post' });
    });

    test("in an earlier run that began an undo: where it is to be repeated, the late call's time comes first", () => {
      const earlier = { undoBegun: true, withoutWord: true } as const;
      const asked = looked(waited(recalled(evidence(), earlier)), nothingNew);
      const e = looked(waited(answered(asked, { kind: 'repeat' })), nothingNew);
      expect(decide(e)).toMatchObject({ kind: 'quarantine', late: true });
    });
  });

  test('that a gateway answers goes on for as long as it takes, each time after a quarantine and a look', () => {
    const byGateway = {
      ...UNKNOWN,
      answer: { failure: { type: 'Unreachable', message: '403' }, retryAfterMs: 7_000 },
    } as const;
    let e = evidence();
    for (let nth = 0; nth < 20; nth++) {
      e = posted(e, byGateway);
      expect(decide(e)).toMatchObject({ kind: 'quarantine' });
      e = looked(waited(e), nothingNew);
      expect(decide(e)).toMatchObject({
        kind: 'pause',
        because: { type: 'Unreachable' },
        atLeastMs: 7_000,
      });
      e = paused(e);
      expect(decide(e)).toMatchObject({ kind: 'look' });
      e = looked(e, nothingNew);
      expect(decide(e)).toMatchObject({ kind: 'post' });
    }
    expect(e.known.unknowns).toBe(0);
  });

  test('that was unknown and then refused looks again before it pauses', () => {
    const refused = posted(looked(unknown(evidence()), nothingNew), refusal(false));
    expect(decide(refused)).toMatchObject({ kind: 'look' });
    expect(decide(looked(refused, nothingNew))).toMatchObject({
      kind: 'pause',
      because: refusal(false).failure,
    });
  });

  test('that was unknown and then refused for good looks again before it ends', () => {
    const refused = posted(looked(unknown(evidence()), nothingNew), refusal(true));
    expect(decide(refused)).toMatchObject({ kind: 'look' });
    expect(decide(looked(refused, nothingNew))).toMatchObject({ kind: 'fail' });
  });

  test('that was ever unknown looks again after a pause, before every post', () => {
    const refused = posted(looked(unknown(evidence()), nothingNew), refusal(false));
    expect(decide(paused(looked(refused, nothingNew)))).toMatchObject({ kind: 'look' });
  });

  test('with as many unknowns as it may have needs a decision', () => {
    const e = looked(unknown(evidence({ unknowns: 2 })), nothingNew);
    expect(decide(e)).toMatchObject({ kind: 'needs-decision', why: expect.stringContaining('3 starts') });
  });

  test('awaits every candidate, once, and looks anew after each', () => {
    const seen = { ...nothingNew, tasks: [task('t1'), task('t2')] };
    let e = looked(unknown(evidence()), seen);
    expect(decide(e)).toMatchObject({ kind: 'await', taskId: 't1' });
    e = ended(e, failed('t1'));
    expect(decide(e)).toMatchObject({ kind: 'look' });
    e = looked(e, { ...nothingNew, tasks: [task('t2'), task('t3')] });
    expect(e.phase).toMatchObject({ candidates: ['t1', 't2'] });
    expect(decide(e)).toMatchObject({ kind: 'await', taskId: 't2' });
  });

  test('waits out the visibility of what its last candidate made before it decides without proof', () => {
    let e = ended(looked(unknown(evidence()), { ...nothingNew, tasks: [task('t1')] }), failed('t1'));
    e = looked(e, nothingNew);
    expect(decide(e)).toMatchObject({ kind: 'quarantine' });
    e = waited(e);
    expect(decide(e)).toMatchObject({ kind: 'look' });
    expect(decide(looked(e, nothingNew))).toMatchObject({ kind: 'post' });
  });

  test('never takes a task that was in the baseline for a candidate', () => {
    const baseline = { ...nothingNew, tasks: [task('predecessor')] };
    const e = looked(unknown(evidence({ baseline })), { ...nothingNew, tasks: [task('predecessor')] });
    expect(e.phase).toMatchObject({ candidates: [] });
  });

  test('waits for no task of another account, and posts beside it', () => {
    const e = looked(unknown(evidence()), { ...nothingNew, tasks: [task('theirs', { user: OTHER })] });
    expect(decide(e)).toMatchObject({ kind: 'post' });
  });

  test('asks about a candidate that has not ended in time, and posts beside it if told so', () => {
    const seen = { ...nothingNew, tasks: [task('t1')] };
    const late = ended(looked(unknown(evidence()), seen), { kind: 'overdue', taskId: 't1' });
    const asked = looked(waited(looked(late, seen)), seen);
    expect(decide(asked)).toMatchObject({
      kind: 'needs-decision',
      why: 'task t1 may be of this request, and it has not ended in time',
    });
    expect(shown(asked)).toEqual(['t1']);
    const repeated = answered(asked, { kind: 'repeat' });
    expect(decide(looked(repeated, seen))).toMatchObject({ kind: 'post' });
  });

  test('never adopts what another request recorded, and posts again beside it', () => {
    const claims = [
      { id: 't1', by: 'snapflow:main:other' },
      { id: 'vm-new', by: 'snapflow:main:other' },
    ];
    const ended = task('t1', { status: 'SUCCEEDED', resultId: 'vm-new' });
    const seen = { ...nothingNew, tasks: [ended], vms: [vm('vm-new')], claims };
    const e = looked(unknown(evidence()), seen);
    expect(e.phase).toMatchObject({ candidates: [] });
    expect(decide(e)).toMatchObject({ kind: 'post' });
  });

  test('awaits the task that its start returned before anything else', () => {
    const e = looked(unknown(evidence()), nothingNew);
    expect(decide(started(e))).toMatchObject({ kind: 'await', taskId: 'mine' });
  });

  test('whose own task FAILED waits until what it left is visible, looks once more, then ends as TaskFailed', () => {
    let e = ended(started(evidence()), failed('mine'));
    expect(decide(e)).toMatchObject({ kind: 'quarantine', after: expect.stringContaining('no room') });
    e = waited(e);
    expect(decide(e)).toMatchObject({ kind: 'look' });
    expect(decide(looked(e, nothingNew))).toMatchObject({
      kind: 'fail',
      failure: {
        type: 'TaskFailed',
        message: expect.stringContaining('no room'),
        details: { taskId: 'mine' },
      },
    });
  });

  test('whose own task record is gone waits, looks, and is never posted again without an operator', () => {
    const e = ended(started(evidence()), gone('mine'));
    expect(decide(e)).toMatchObject({ kind: 'quarantine' });
    expect(decide(waited(e))).toMatchObject({ kind: 'look' });
    const asked = looked(waited(e), nothingNew);
    expect(decide(asked)).toMatchObject({
      kind: 'needs-decision',
      why: 'task mine of this request was accepted, and its record is gone',
    });
    const repeated = answered(asked, { kind: 'repeat' });
    expect(decide(repeated)).toMatchObject({ kind: 'look' });
    expect(decide(looked(repeated, nothingNew))).toMatchObject({ kind: 'post' });
  });

  test('whose own task cannot be read asks an operator, and waits for it again when it is named', () => {
    const e = ended(started(evidence()), unreadable('mine'));
    expect(decide(e)).toMatchObject({
      kind: 'needs-decision',
      why: 'what task mine is at cannot be read: an odd status',
    });
    expect(shown(e)).toEqual(['mine']);
    expect(decide(answered(e, { kind: 'task', taskId: 'mine' }))).toMatchObject({
      kind: 'await',
      taskId: 'mine',
    });
  });

  test('asks an operator about a candidate that cannot be read, whatever else was seen', () => {
    const e = ended(looked(unknown(evidence()), { ...nothingNew, tasks: [task('t1')] }), unreadable('t1'));
    expect(decide(looked(waited(looked(e, nothingNew)), nothingNew))).toMatchObject({
      kind: 'needs-decision',
      why: expect.stringContaining('task t1'),
    });
  });

  test('takes a lost record that is seen again for its own', () => {
    const e = looked(lost(evidence()), { ...nothingNew, tasks: [task('mine')] });
    expect(decide(e)).toMatchObject({ kind: 'await', taskId: 'mine' });
  });

  test('reads what earlier runs recorded before anything else when a reset made it', () => {
    const e = posted(evidence(), { ...UNKNOWN, afterReset: true });
    expect(e.known.unknowns).toBe(0);
    expect(decide(e)).toMatchObject({ kind: 'recall' });
  });

  test('that is run --again reads what earlier runs recorded first', () => {
    const { baseline } = evidence().known;
    const about = { operation, called: 'ci-42', vmId: SOURCE, user: US, baseline, maxUnknowns: 3 };
    expect(decide(firstEvidence(about, true))).toMatchObject({ kind: 'recall' });
  });

  test('takes a task that an earlier run started for its own, and the baseline from before it', () => {
    const baseline = look({ serviceSeen: false });
    const e = recalled(evidence(), { taskIds: ['old', 'mine'], ends: [failed('old')], baseline });
    expect(e.known.baseline).toBe(baseline);
    expect(decide(e)).toMatchObject({ kind: 'await', taskId: 'mine' });
  });

  test('keeps its own first look where no earlier run can have posted', () => {
    const e = evidence();
    expect(recalled(e, {}).known.baseline).toBe(e.known.baseline);
  });

  test('of which an earlier run lost the task record knows it as lost', () => {
    const e = recalled(evidence(), { taskIds: ['mine'], ends: [gone('mine')] });
    expect(e.phase).toMatchObject({ kind: 'lost', taskId: 'mine' });
  });

  test('of which an earlier run began the undo is never posted again without an operator', () => {
    const e = recalled(evidence(), { taskIds: ['mine'], ends: [succeeded('mine')], undoBegun: true });
    expect(decide(looked(waited(e), nothingNew))).toMatchObject({ kind: 'needs-decision' });
  });

  test('adopts no candidate when another request had its turn since: it needs a decision', () => {
    const resultId = operation === 'clone' ? { resultId: 'vm-new' } : {};
    const tasks = [task('t1', { status: 'SUCCEEDED', ...resultId })];
    const seen = { ...nothingNew, tasks, vms: [vm('vm-new')], systemSnapshots: ['before', 'new'] };
    const afterItsEnd = (contested: boolean) => {
      const e = looked(waited(recalled(evidence(), { contested })), seen);
      return looked(ended(e, succeeded('t1', resultId)), seen);
    };
    expect(decide(afterItsEnd(false))).toMatchObject({ kind: 'done', taskId: 't1' });
    expect(decide(looked(waited(afterItsEnd(true)), seen))).toMatchObject({ kind: 'needs-decision' });
  });

  test('does what the operator says: this task', () => {
    const e = looked(unknown(evidence({ unknowns: 2, ends: { mine: gone('mine') } })), nothingNew);
    expect(decide(answered(e, { kind: 'task', taskId: 'mine' }))).toMatchObject({
      kind: 'await',
      taskId: 'mine',
    });
  });

  test('does what the operator says: post again, after a look of its own', () => {
    const seen = { ...nothingNew, vms: [vm('vm-new')], systemSnapshots: ['before', 'new'] };
    const asked = looked(waited(recalled(evidence({ unknowns: 3 }), { undoBegun: true })), seen);
    const repeated = answered(asked, { kind: 'repeat' });
    expect(decide(repeated)).toMatchObject({ kind: 'look' });
    expect(decide(looked(repeated, seen))).toMatchObject({ kind: 'post' });
  });

  test('given up by the operator ends as OutcomeUnknown, naming the candidates', () => {
    const seen = { ...nothingNew, vms: [vm('vm-new')], systemSnapshots: ['before', 'new'] };
    let e = ended(looked(unknown(evidence()), { ...seen, tasks: [task('t1')] }), failed('t1'));
    e = looked(waited(looked(e, seen)), seen);
    const named = ['t1', operation === 'clone' ? 'vm-new' : 'new'];
    expect(shown(e)).toEqual(named);
    expect(() => answered(e, { kind: 'abandon' })).toThrow(
      expect.objectContaining({ type: 'OutcomeUnknown', details: [{ candidates: named }] }),
    );
  });
});

describe('a clone', () => {
  test('asks before it adopts where another request may have recorded it', () => {
    const ended = task('t1', { status: 'SUCCEEDED', resultId: 'vm-new' });
    const seen = { ...look(), tasks: [ended], vms: [vm('vm-new')], claimsUnread: 'a run is forgotten' };
    const e = looked(unknown(cloneEvidence({ ends: { t1: succeeded('t1', { resultId: 'vm-new' }) } })), seen);
    expect(decide(e)).toMatchObject({
      kind: 'needs-decision',
      why: 'whether task t1 is of another request cannot be told: a run is forgotten',
    });
  });

  const made = (...vmIds: string[]) => look({ vms: vmIds.map(vm) });

  test('is done by its own task, once it names the new machine', () => {
    const e = ended(started(cloneEvidence()), succeeded('mine', { resultId: 'vm-new' }));
    expect(decide(e)).toEqual({ kind: 'done', vmId: 'vm-new', taskId: 'mine', warnings: [] });
  });

  test('that was ever unknown looks before it ends well, and a second machine of its name is a suspected duplicate', () => {
    const again = started(looked(unknown(cloneEvidence()), look()));
    const e = ended(again, succeeded('mine', { resultId: 'vm-new' }));
    expect(decide(e)).toMatchObject({ kind: 'look' });
    expect(decide(looked(e, made('vm-new')))).toMatchObject({ kind: 'done', warnings: [] });
    const late = task('late', { status: 'SUCCEEDED', resultId: 'vm-2' });
    expect(decide(looked(e, { ...made('vm-new', 'vm-2'), tasks: [late] }))).toMatchObject({
      kind: 'done',
      vmId: 'vm-new',
      warnings: [
        { type: 'DuplicateSuspected', message: expect.stringMatching(/task mine.*vm-2 \(task late\)/) },
      ],
    });
  });

  test('whose task SUCCEEDED without a result ends as TaskFailed when nothing is there', () => {
    const e = looked(waited(ended(started(cloneEvidence()), succeeded('mine'))), look());
    expect(decide(e)).toMatchObject({ kind: 'fail', failure: { type: 'TaskFailed' } });
  });

  test.each([
    ['FAILED', failed('mine')],
    ['SUCCEEDED without a result', succeeded('mine')],
  ])('whose task %s although a machine of the name is there names it and leaves it alone', (_title, end) => {
    const e = looked(waited(ended(started(cloneEvidence()), end)), made('vm-new'));
    expect(decide(e)).toMatchObject({
      kind: 'fail',
      failure: { type: 'CompensationIncomplete', details: { taskId: 'mine', left: 'vm-new' } },
    });
  });

  test('whose task record is gone needs a decision when a machine of the name is there', () => {
    const e = looked(lost(cloneEvidence()), made('vm-new'));
    expect(decide(e)).toMatchObject({ kind: 'needs-decision' });
    expect(shown(e)).toEqual(['vm-new']);
  });

  test('decides by the inventory where the service has never shown a task', () => {
    const silent = look({ serviceSeen: false });
    expect(decide(looked(unknown(cloneEvidence({ baseline: silent })), silent))).toMatchObject({
      kind: 'post',
    });
  });

  const unknownThen = (end: ReturnType<typeof succeeded>, ...vmIds: string[]) => {
    const seen = { ...made(...vmIds), tasks: [task('t1')] };
    return decide(looked(ended(looked(unknown(cloneEvidence()), seen), end), made(...vmIds)));
  };

  test('adopts a candidate of its user whose result is a new machine of the name', () => {
    expect(unknownThen(succeeded('t1', { resultId: 'vm-new' }), 'vm-new')).toEqual({
      kind: 'done',
      vmId: 'vm-new',
      taskId: 't1',
      warnings: [],
    });
  });

  test('whose name is taken after an unknown start looks for its own late task before it fails', () => {
    const taken = posted(looked(unknown(cloneEvidence()), look()), {
      kind: 'refused',
      final: true,
      failure: { type: 'NameTaken', message: 'the name is taken' },
    });
    expect(decide(taken)).toMatchObject({ kind: 'quarantine' });
    const late = looked(waited(taken), look({ tasks: [task('late')] }));
    expect(decide(late)).toMatchObject({ kind: 'await', taskId: 'late' });
    const none = looked(waited(taken), look());
    expect(decide(none)).toMatchObject({ kind: 'fail', failure: { type: 'NameTaken' } });
  });

  test.each(['Snapflow@VSPHERE.LOCAL', String.raw`VSPHERE.LOCAL\SNAPFLOW`])(
    'adopts a candidate of its user in the spelling %s',
    (user) => {
      const end = succeeded('t1', { resultId: 'vm-new', user });
      expect(unknownThen(end, 'vm-new')).toMatchObject({ kind: 'done', taskId: 't1' });
    },
  );

  test.each(['snapflow', String.raw`CORP\snapflow`])(
    'asks about a candidate of the user %s, who is neither provably its own nor another',
    (user) => {
      const seen = { ...made('vm-new'), tasks: [task('t1')] };
      const end = succeeded('t1', { resultId: 'vm-new', user });
      const e = looked(ended(looked(unknown(cloneEvidence()), seen), end), seen);
      expect(decide(looked(waited(e), seen))).toMatchObject({
        kind: 'needs-decision',
        why: expect.stringContaining('task t1 did what was asked, and whether its account'),
      });
    },
  );

  const stray = { taskId: 't1', vmId: 'vm-renamed' };

  test('asks about a machine of another name that a task made since, and never adopts it', () => {
    const tasks = [task('t1', { status: 'SUCCEEDED', resultId: 'vm-renamed' })];
    const seen = look({ tasks, strays: [stray] });
    const e = looked(waited(looked(unknown(cloneEvidence()), seen)), seen);
    expect(decide(e)).toMatchObject({
      kind: 'needs-decision',
      why: 'vm-renamed, which task t1 made since, has another name or place, and no request recorded it',
    });
    expect(shown(e)).toEqual(['vm-renamed']);
    const repeated = answered(e, { kind: 'repeat' });
    expect(decide(looked(repeated, seen))).toMatchObject({ kind: 'post' });
  });

  test('posts again beside a machine of another name whose task is older than its first post', () => {
    const tasks = [task('t1', { status: 'SUCCEEDED', resultId: 'vm-renamed' })];
    const seen = look({ tasks, strays: [stray] });
    const baseline = look({ tasks: [task('t1')] });
    expect(decide(looked(unknown(cloneEvidence({ baseline })), seen))).toMatchObject({ kind: 'post' });
  });

  test('asks about a candidate that names no account', () => {
    const seen = { ...made('vm-new'), tasks: [task('t1')] };
    const { user: _, ...end } = succeeded('t1', { resultId: 'vm-new' });
    const e = looked(ended(looked(unknown(cloneEvidence()), seen), end), seen);
    expect(decide(looked(waited(e), seen))).toMatchObject({
      kind: 'needs-decision',
      why: 'task t1 did what was asked, and it names no account',
    });
  });

  test('never adopts a candidate of another user', () => {
    const end = succeeded('t1', { resultId: 'vm-new', user: OTHER });
    expect(unknownThen(end, 'vm-new')).not.toMatchObject({ kind: 'done' });
  });

  test('never adopts a candidate whose result is not of the requested name', () => {
    expect(unknownThen(succeeded('t1', { resultId: 'vm-sibling' }), 'vm-new')).not.toMatchObject({
      kind: 'done',
    });
  });

  test('never adopts a machine of the name that was there before', () => {
    const baseline = made('vm-old');
    const e = looked(unknown(cloneEvidence({ baseline })), {
      ...made('vm-old'),
      tasks: [task('t1', { status: 'SUCCEEDED', resultId: 'vm-old' })],
    });
    expect(
      decide(looked(ended(e, succeeded('t1', { resultId: 'vm-old' })), made('vm-old'))),
    ).not.toMatchObject({ kind: 'done' });
  });

  test('never adopts a machine of the right name without a task: it needs a decision', () => {
    expect(decide(looked(unknown(cloneEvidence()), made('vm-new')))).toMatchObject({
      kind: 'needs-decision',
      why: expect.stringContaining('vm-new'),
    });
  });

  test('takes no ended task of a sibling for a candidate', () => {
    const tasks = [
      task('sibling', { status: 'SUCCEEDED', resultId: 'vm-sibling' }),
      task('failed', { status: 'FAILED' }),
      task('ended-revert', { status: 'SUCCEEDED' }),
    ];
    expect(looked(unknown(cloneEvidence()), look({ tasks })).phase).toMatchObject({ candidates: [] });
  });

  test('does not post while the machine of a task that has just ended may still become visible, and adopts it then', () => {
    const tasks = [task('t1', { status: 'SUCCEEDED', resultId: 'vm-new' })];
    const e = looked(unknown(cloneEvidence()), look({ tasks }));
    expect(decide(e)).toMatchObject({ kind: 'quarantine' });
    const visible = looked(waited(e), { ...made('vm-new'), tasks });
    expect(decide(visible)).toMatchObject({ kind: 'await', taskId: 't1' });
    const known = looked(ended(visible, succeeded('t1', { resultId: 'vm-new' })), made('vm-new'));
    expect(decide(known)).toMatchObject({ kind: 'done', vmId: 'vm-new', taskId: 't1' });
  });

  test('waits once for what ended siblings made, then posts', () => {
    const tasks = [task('sibling', { status: 'SUCCEEDED', resultId: 'vm-sibling' })];
    const e = looked(unknown(cloneEvidence()), look({ tasks }));
    expect(decide(e)).toMatchObject({ kind: 'quarantine' });
    expect(decide(looked(waited(e), look({ tasks })))).toMatchObject({ kind: 'post' });
  });

  test('with two proven candidates adopts one and warns of a suspected duplicate with both ids', () => {
    const tasks = ['t1', 't2'].map((id) => task(id, { status: 'SUCCEEDED', resultId: `vm-${id}` }));
    const seen = { ...made('vm-t1', 'vm-t2'), tasks };
    let e = looked(unknown(cloneEvidence()), seen);
    for (const id of ['t1', 't2']) e = looked(ended(e, succeeded(id, { resultId: `vm-${id}` })), seen);
    expect(decide(e)).toMatchObject({
      kind: 'done',
      taskId: 't1',
      warnings: [{ type: 'DuplicateSuspected', message: expect.stringMatching(/t1.*t2/) }],
    });
  });

  test('is what the operator says: this machine', () => {
    const e = looked(unknown(cloneEvidence()), made('vm-new'));
    expect(decide(answered(e, { kind: 'vm', vmId: 'vm-new' }))).toEqual({
      kind: 'done',
      vmId: 'vm-new',
      warnings: [],
    });
  });
});

describe('a revert', () => {
  test('is done by its own task', () => {
    const e = ended(started(revertEvidence()), succeeded('mine'));
    expect(decide(e)).toEqual({ kind: 'done', taskId: 'mine', warnings: [] });
  });

  test('that was ever unknown warns of another revert of its user on its machine', () => {
    const e = ended(started(looked(unknown(revertEvidence()), snapshots('before'))), succeeded('mine'));
    const tasks = [
      task('mine', { status: 'SUCCEEDED' }),
      task('late', { status: 'SUCCEEDED' }),
      task('foreign', { status: 'SUCCEEDED', user: OTHER }),
      task('elsewhere', { status: 'SUCCEEDED', targetId: 'vm-other' }),
    ];
    expect(decide(looked(e, { ...snapshots('before', 'new'), tasks }))).toMatchObject({
      kind: 'done',
      taskId: 'mine',
      warnings: [{ type: 'DuplicateSuspected', message: expect.stringContaining('task late') }],
    });
  });

  const unknownThen = (end: ReturnType<typeof succeeded>) => {
    const seen = { ...snapshots('before', 'new'), tasks: [task('t1')] };
    return decide(looked(ended(looked(unknown(revertEvidence()), seen), end), seen));
  };

  test('adopts a candidate of its user on its machine without a result', () => {
    expect(unknownThen(succeeded('t1'))).toMatchObject({ kind: 'done', taskId: 't1' });
  });

  test('neither adopts a revert that names no account, nor posts after it: it asks', () => {
    const { user: _, ...end } = succeeded('t1');
    const seen = { ...snapshots('before', 'new'), tasks: [task('t1')] };
    const e = looked(ended(looked(unknown(revertEvidence()), seen), end), seen);
    expect(decide(looked(waited(e), seen))).toMatchObject({
      kind: 'needs-decision',
      why: 'task t1 did what was asked, and it names no account',
    });
  });

  test('does not post after a revert of a user who may be its own, of which no snapshot tells', () => {
    const end = succeeded('t1', { user: 'snapflow' });
    const seen = { ...snapshots('before'), tasks: [task('t1')] };
    const e = looked(ended(looked(unknown(revertEvidence()), seen), end), seen);
    expect(decide(looked(waited(e), seen))).toMatchObject({
      kind: 'needs-decision',
      why: expect.stringContaining('whether its account snapflow is'),
    });
  });

  test('whose own task spells the account without its domain adopts the next one of that spelling', () => {
    const userAfter = (e: Evidence, end: TaskEnd) => ended(e, end).known.user;
    const own = started(revertEvidence());
    expect(userAfter(own, succeeded('mine', { user: 'Snapflow' }))).toBe('Snapflow');
    expect(userAfter(own, succeeded('mine', { user: OTHER }))).toBe(US);
    const candidate = looked(unknown(revertEvidence()), { ...snapshots('before'), tasks: [task('t1')] });
    expect(userAfter(candidate, succeeded('t1', { user: 'Snapflow' }))).toBe(US);
  });

  test.each([
    ['another user', { user: OTHER }],
    ['another machine', { targetId: 'vm-other' }],
    ['a clone or restore, which has a result', { resultId: 'vm-new' }],
  ])('never adopts a candidate of %s', (_title, seen) => {
    expect(unknownThen(succeeded('t1', seen))).not.toMatchObject({ kind: 'done' });
  });

  test('takes a new SYSTEM_CREATED snapshot for a reason not to post, never for a proof', () => {
    expect(decide(looked(unknown(revertEvidence()), snapshots('before', 'new')))).toMatchObject({
      kind: 'needs-decision',
      why: expect.stringContaining('new'),
    });
  });

  test('one of whose candidates is not remembered any more needs a decision', () => {
    const seen = looked(unknown(revertEvidence()), { ...snapshots('before'), tasks: [task('t')] });
    expect(decide(seen)).toMatchObject({ kind: 'await', taskId: 't' });
    const e = looked(waited(looked(ended(seen, gone('t')), snapshots('before'))), snapshots('before'));
    expect(decide(e)).toMatchObject({ kind: 'needs-decision' });
  });

  test('does not believe an empty list of a service that has never shown a task', () => {
    const silent = look({ systemSnapshots: ['before'], serviceSeen: false });
    expect(decide(looked(unknown(revertEvidence({ baseline: silent })), silent))).toMatchObject({
      kind: 'needs-decision',
    });
  });

  test('believes an empty list of a service that has shown one before', () => {
    const silent = look({ systemSnapshots: ['before'], serviceSeen: false });
    expect(decide(looked(unknown(revertEvidence()), silent))).toMatchObject({ kind: 'post' });
  });

  test('keeps the power state from before its first post when an operator has it repeated', () => {
    const baseline = look({ systemSnapshots: ['before'], powerState: 'POWERED_ON' });
    const asked = looked(unknown(revertEvidence({ baseline })), {
      ...snapshots('before', 'new'),
      powerState: 'POWERED_OFF',
    });
    expect(answered(asked, { kind: 'repeat' }).known.baseline).toMatchObject({
      powerState: 'POWERED_ON',
      systemSnapshots: ['before', 'new'],
    });
  });

  test('is what the operator says: done', () => {
    const e = looked(unknown(revertEvidence()), snapshots('before', 'new'));
    expect(decide(answered(e, { kind: 'done' }))).toEqual({
      kind: 'done',
      warnings: [],
    });
  });
});

describe('a clone with a name of its own', () => {
  const own = () => cloneEvidence({ hasOwnName: true });
  const machine = look({ vms: [vm('vm-new')] });

  test('whose reply and task record are lost adopts the machine of its name, and posts nothing', () => {
    expect(decide(looked(unknown(own()), machine))).toEqual({
      kind: 'done',
      vmId: 'vm-new',
      warnings: [],
    });
  });

  test.each([OTHER, 'snapflow', undefined])(
    'adopts the machine of its name with its task, whatever the account (%p) is called',
    (user) => {
      const seen = look({
        vms: [vm('vm-new')],
        tasks: [task('t', { status: 'SUCCEEDED', resultId: 'vm-new', ...omitUndefined({ user }) })],
      });
      const { user: _, ...end } = succeeded('t', { resultId: 'vm-new' });
      const late = { ...end, ...omitUndefined({ user }) };
      const after = looked(unknown(own()), seen);
      // A task of another account is not waited for.
      const awaited = decide(after).kind === 'await' ? ended(after, late) : after;
      const asked = decide(awaited).kind === 'look' ? looked(awaited, seen) : awaited;
      const seenAgain = decide(asked).kind === 'quarantine' ? looked(waited(asked), seen) : asked;
      expect(decide(seenAgain)).toMatchObject({
        kind: 'done',
        vmId: 'vm-new',
        taskId: 't',
      });
    },
  );

  test('waits for the end of each open task before it adopts the machine', () => {
    const seen = look({ vms: [vm('vm-new')], tasks: [task('open')] });
    const after = looked(unknown(own()), seen);
    expect(decide(after)).toMatchObject({ kind: 'await', taskId: 'open' });
    const quiet = looked(ended(after, gone('open')), machine);
    expect(decide(looked(waited(quiet), machine))).toMatchObject({ kind: 'done', vmId: 'vm-new' });
  });

  test('whose accepted task is forgotten adopts the machine of its name, and asks where there is none', () => {
    expect(decide(looked(lost(own()), machine))).toMatchObject({
      kind: 'done',
      vmId: 'vm-new',
    });
    expect(decide(looked(lost(own()), look()))).toMatchObject({ kind: 'needs-decision' });
  });

  test('whose two calls both took effect adopts the machine with a task, and names the other one', () => {
    const tasks = [task('t', { status: 'SUCCEEDED', resultId: 'vm-2' })];
    const seen = look({ vms: [vm('vm-1'), vm('vm-2')], tasks });
    const after = ended(looked(unknown(own()), seen), succeeded('t', { resultId: 'vm-2' }));
    expect(decide(looked(after, seen))).toMatchObject({
      kind: 'done',
      vmId: 'vm-2',
      warnings: [{ type: 'DuplicateSuspected', message: expect.stringContaining('vm-1') }],
    });
    expect(decide(looked(unknown(own()), look({ vms: seen.vms })))).toMatchObject({
      kind: 'done',
      vmId: 'vm-1',
      warnings: [{ type: 'DuplicateSuspected', message: expect.stringContaining('vm-2') }],
    });
  });

  test('whose machine was renamed meanwhile posts again only where no task tells of it', () => {
    expect(decide(looked(unknown(own()), look()))).toMatchObject({ kind: 'post' });
  });

  test('beside a task that cannot be read asks: what has its name may be half made', () => {
    const open = looked(unknown(own()), look({ tasks: [task('open')] }));
    const odd = looked(ended(open, unreadable('open')), machine);
    expect(decide(looked(waited(odd), machine))).toMatchObject({
      kind: 'needs-decision',
      why: expect.stringContaining('cannot be read'),
    });
  });

  test('never adopts what a failed task may have left: it asks', () => {
    const open = looked(unknown(own()), look({ tasks: [task('open')] }));
    const leftover = looked(ended(open, failed('open')), machine);
    expect(decide(looked(waited(leftover), machine))).toMatchObject({ kind: 'needs-decision' });
    const seen = look({ vms: [vm('vm-new')], tasks: [task('t', { status: 'FAILED' })] });
    expect(decide(looked(waited(looked(unknown(own()), seen)), seen))).toMatchObject({
      kind: 'needs-decision',
      why: expect.stringContaining('a task that failed may have left it'),
    });
  });

  test('whose own task FAILED is the machine that the task of a repeated call made, and no other one', () => {
    const late = waited(ended(started(own()), failed('mine')));
    expect(decide(looked(late, machine))).toMatchObject({
      kind: 'fail',
      failure: { type: 'CompensationIncomplete' },
    });
    const tasks = [task('twin', { status: 'SUCCEEDED', resultId: 'vm-new' })];
    expect(decide(looked(late, look({ vms: machine.vms, tasks })))).toMatchObject({
      kind: 'done',
      vmId: 'vm-new',
      taskId: 'twin',
    });
  });

  test('never adopts a machine that had the name before its first start', () => {
    const taken = cloneEvidence({ hasOwnName: true, baseline: machine });
    expect(decide(looked(unknown(taken), machine))).toMatchObject({ kind: 'post' });
  });

  test('of which an earlier run began the undo is never adopted without an operator', () => {
    const after = waited(recalled(own(), { undoBegun: true }));
    expect(decide(looked(after, machine))).toMatchObject({ kind: 'needs-decision' });
  });
});

describe('a clone that the service says exists already', () => {
  const EXISTS = {
    ...UNKNOWN,
    answer: { failure: { type: 'NameTaken', message: 'the service said so' } },
  } as const;
  /** What is decided in the end, where every check sees this and every candidate ends so. */
  const settled = (e: Evidence, seen: Partial<Look>, end: TaskEnd = failed('t')): Decision => {
    const decision = decide(e);
    if (decision.kind === 'quarantine') return settled(waited(e), seen, end);
    if (decision.kind === 'look') return settled(looked(e, look(seen)), seen, end);
    return decision.kind === 'await' ? settled(ended(e, end), seen, end) : decision;
  };
  const exists = (seen: Partial<Look>, end?: TaskEnd) => settled(posted(cloneEvidence(), EXISTS), seen, end);

  test('waits out the quarantine and looks, as after any unknown start', () => {
    const e = posted(cloneEvidence(), EXISTS);
    expect(decide(e)).toMatchObject({ kind: 'quarantine' });
    expect(decide(waited(e))).toMatchObject({ kind: 'look' });
  });

  test.each([
    ['no task', []],
    ['a task of another user', [task('t', { status: 'SUCCEEDED', user: OTHER, resultId: 'vm-9' })]],
    ['a task that had failed before', [task('t', { status: 'FAILED' })]],
    ['tasks of its own user for other machines', [task('t', { status: 'SUCCEEDED', resultId: 'vm-8' })]],
  ])("is another program's where %s may have made the machine, and names it", (_what, tasks) => {
    const byOther = succeeded('t', { user: OTHER, resultId: 'vm-9' });
    expect(exists({ vms: [vm('vm-9')], tasks }, byOther)).toEqual({
      kind: 'fail',
      failure: {
        type: 'NameTaken',
        message: 'name "ci-42" is taken by vm-9: choose another name.',
        details: { field: 'name', value: 'ci-42', vmId: 'vm-9' },
      },
    });
  });

  test('asks where a task of its own user made the machine, and adopts nothing', () => {
    const seen = { vms: [vm('vm-9')], tasks: [task('t', { status: 'SUCCEEDED', resultId: 'vm-9' })] };
    expect(exists(seen, succeeded('t', { resultId: 'vm-9' }))).toMatchObject({
      kind: 'needs-decision',
      why: expect.stringContaining('vm-9 of task t has the name, and the service said that the name exists'),
    });
  });

  test.each([
    ['failed while it was watched', [task('t')], failed('t')],
    ['is forgotten', [task('t')], gone('t')],
    ['cannot be read', [task('t')], unreadable('t')],
    [
      'of an account that may be its own made it',
      [task('t', { status: 'SUCCEEDED', user: 'snapflow', resultId: 'vm-9' })],
      succeeded('t', { user: 'snapflow', resultId: 'vm-9' }),
    ],
  ])('asks where a new task %s', (_what, tasks, end) => {
    expect(exists({ vms: [vm('vm-9')], tasks }, end)).toMatchObject({ kind: 'needs-decision' });
  });

  test('asks where an earlier start had no answer', () => {
    const e = posted(looked(unknown(cloneEvidence()), look()), EXISTS);
    expect(settled(e, { vms: [vm('vm-9')] })).toMatchObject({ kind: 'needs-decision' });
  });

  test('ends in the words of the service where no machine of the name shows', () => {
    expect(exists({})).toEqual({ kind: 'fail', failure: EXISTS.answer.failure });
  });
});

test('a task that has ended and names no account makes the check wait for the machine that it made', () => {
  const { user: _, ...unnamed } = task('t-9', { status: 'SUCCEEDED', resultId: 'vm-9' });
  const checked = looked(unknown(cloneEvidence()), look({ tasks: [unnamed] }));
  expect(decide(checked)).toMatchObject({ kind: 'quarantine' });
  const later = looked(waited(checked), look({ tasks: [unnamed], vms: [vm('vm-9')] }));
  expect(decide(later)).toMatchObject({ kind: 'await', taskId: 't-9' });
});
