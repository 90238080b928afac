import { decide } from '../../../src/workflows/decide';
import {
  afterRecall,
  firstEvidence,
  afterEnd,
  afterLook,
  afterPause,
  afterQuarantine,
  afterResolution,
  afterStart,
  suspects,
} from '../../../src/workflows/evidence';
import {
  cloneEvidence,
  failed,
  gone,
  look,
  OTHER,
  revertEvidence,
  SOURCE,
  succeeded,
  task,
  UNKNOWN,
  unreadable,
  US,
  vm,
} from './evidence';

const refusal = (final: boolean) =>
  ({ kind: 'refused', final, failure: { type: 'Rejected', message: 'capacity' } }) as const;
const unknown = { kind: 'unknown', reason: 'the answer was lost' } as const;
const snapshots = (...systemSnapshots: string[]) => look({ systemSnapshots });

describe.each([
  ['clone', cloneEvidence, look()],
  ['revert', revertEvidence, snapshots('before')],
] as const)('a %s', (operation, evidence, nothingNew) => {
  test('that cannot have posted posts at once: foreign tasks forbid nothing', () => {
    const baseline = { ...nothingNew, tasks: [task('sibling')] };
    expect(decide(evidence({ baseline }))).toEqual({ kind: 'post' });
  });

  test('that was refused for now pauses, then posts, unlimited', () => {
    const refused = afterStart(evidence(), refusal(false));
    expect(decide(refused)).toEqual({ kind: 'pause', because: refusal(false).failure });
    expect(decide(afterPause(refused))).toEqual({ kind: 'post' });
  });

  test('that was refused for good and never unknown ends at once', () => {
    expect(decide(afterStart(evidence(), refusal(true)))).toEqual({
      kind: 'fail',
      failure: refusal(true).failure,
    });
  });

  test('after an unknown start waits out the quarantine, looks, and only then posts again', () => {
    const e = afterStart(evidence(), unknown);
    expect(decide(e)).toEqual({ kind: 'quarantine' });
    const quarantined = afterQuarantine(e);
    expect(decide(quarantined)).toEqual({ kind: 'look' });
    expect(decide(afterLook(quarantined, nothingNew))).toEqual({ kind: 'post' });
  });

  test('that was unknown and then refused looks again before it pauses', () => {
    const posted = afterLook(evidence(UNKNOWN), nothingNew);
    const refused = afterStart(posted, refusal(false));
    expect(decide(refused)).toEqual({ kind: 'look' });
    expect(decide(afterLook(refused, nothingNew))).toEqual({
      kind: 'pause',
      because: refusal(false).failure,
    });
  });

  test('that was unknown and then refused for good looks again before it ends', () => {
    const refused = afterStart(afterLook(evidence(UNKNOWN), nothingNew), refusal(true));
    expect(decide(refused)).toEqual({ kind: 'look' });
    expect(decide(afterLook(refused, nothingNew))).toMatchObject({ kind: 'fail' });
  });

  test('that was ever unknown looks again after a pause, before every post', () => {
    const paused = afterPause(
      afterLook(afterStart(afterLook(evidence(UNKNOWN), nothingNew), refusal(false)), nothingNew),
    );
    expect(decide(paused)).toEqual({ kind: 'look' });
  });

  test('with as many unknowns as it may have needs a decision', () => {
    const e = afterLook(evidence({ ...UNKNOWN, unknowns: 3 }), nothingNew);
    expect(decide(e)).toMatchObject({ kind: 'needs-decision', why: expect.stringContaining('3 starts') });
  });

  test('awaits every candidate, once, and looks anew after each', () => {
    const seen = { ...nothingNew, tasks: [task('t1'), task('t2')] };
    let e = afterLook(evidence(UNKNOWN), seen);
    expect(decide(e)).toEqual({ kind: 'await', taskId: 't1' });
    e = afterEnd(e, failed('t1'));
    expect(decide(e)).toEqual({ kind: 'look' });
    e = afterLook(e, { ...nothingNew, tasks: [task('t2'), task('t3')] });
    expect(e.candidates).toEqual(['t1', 't2']);
    expect(decide(e)).toEqual({ kind: 'await', taskId: 't2' });
  });

  test('waits out the visibility of what its last candidate made before it decides without proof', () => {
    let e = afterEnd(afterLook(evidence(UNKNOWN), { ...nothingNew, tasks: [task('t1')] }), failed('t1'));
    e = afterLook(e, nothingNew);
    expect(decide(e)).toEqual({ kind: 'quarantine' });
    e = afterQuarantine(e);
    expect(decide(e)).toEqual({ kind: 'look' });
    expect(decide(afterLook(e, nothingNew))).toEqual({ kind: 'post' });
  });

  test('never takes a task that was in the baseline for a candidate', () => {
    const baseline = { ...nothingNew, tasks: [task('predecessor')] };
    const e = afterLook(evidence({ ...UNKNOWN, baseline }), { ...nothingNew, tasks: [task('predecessor')] });
    expect(e.candidates).toEqual([]);
  });

  test('never adopts what another request recorded, and posts again beside it', () => {
    const claims = [
      { id: 't1', by: 'snapflow:main:other' },
      { id: 'vm-new', by: 'snapflow:main:other' },
    ];
    const ended = task('t1', { status: 'SUCCEEDED', resultId: 'vm-new' });
    const seen = { ...nothingNew, tasks: [ended], vms: [vm('vm-new')], claims };
    const e = afterLook(evidence(UNKNOWN), seen);
    expect(e.candidates).toEqual([]);
    expect(suspects(e)).toEqual([]);
    expect(decide(e)).toEqual({ kind: 'post' });
  });

  test('awaits the task that its start returned before anything else', () => {
    const e = afterStart(evidence(UNKNOWN), { kind: 'started', taskId: 'mine' });
    expect(decide(e)).toEqual({ kind: 'await', taskId: 'mine' });
  });

  test('whose own task FAILED waits until what it left is visible, looks once more, then ends as TaskFailed', () => {
    let e = afterEnd(evidence({ ours: 'mine', quarantined: true }), failed('mine'));
    expect(decide(e)).toEqual({ kind: 'quarantine', after: expect.stringContaining('no room') });
    e = afterQuarantine(e);
    expect(decide(e)).toEqual({ kind: 'look' });
    expect(decide(afterLook(e, nothingNew))).toMatchObject({
      kind: 'fail',
      failure: {
        type: 'TaskFailed',
        message: expect.stringContaining('no room'),
        details: { taskId: 'mine' },
      },
    });
  });

  test('whose own task record is gone is unknown again: quarantine, look', () => {
    const e = afterEnd(evidence({ ours: 'mine', look: nothingNew }), gone('mine'));
    expect(e).toMatchObject({ lost: 'mine', mayHavePosted: true, unknowns: 1 });
    expect(decide(e)).toEqual({ kind: 'quarantine' });
  });

  test('whose own task cannot be read asks an operator, and waits for it again when it is named', () => {
    const e = afterEnd(evidence({ ours: 'mine', look: nothingNew }), unreadable('mine'));
    expect(decide(e)).toEqual({
      kind: 'needs-decision',
      why: 'what task mine is at cannot be read: an odd status',
    });
    expect(suspects(e)).toEqual(['mine']);
    expect(decide(afterResolution(e, { kind: 'task', taskId: 'mine' }))).toEqual({
      kind: 'await',
      taskId: 'mine',
    });
  });

  test('asks an operator about a candidate that cannot be read, whatever else was seen', () => {
    const e = afterLook(
      afterQuarantine(afterEnd(evidence({ ...UNKNOWN, candidates: ['t1'] }), unreadable('t1'))),
      nothingNew,
    );
    expect(decide(e)).toMatchObject({ kind: 'needs-decision', why: expect.stringContaining('task t1') });
  });

  test('takes a lost record that is seen again for its own', () => {
    const lost = afterQuarantine(afterEnd(evidence({ ours: 'mine' }), gone('mine')));
    const e = afterLook(lost, { ...nothingNew, tasks: [task('mine')] });
    expect(decide(e)).toEqual({ kind: 'await', taskId: 'mine' });
  });

  test('reads what earlier runs recorded before anything else when a reset made it', () => {
    const e = afterStart(evidence(), { ...unknown, afterReset: true });
    expect(e.unknowns).toBe(0);
    expect(decide(e)).toEqual({ kind: 'recall' });
  });

  test('that is run --again reads what earlier runs recorded first', () => {
    const { baseline } = evidence();
    const about = { operation, called: 'ci-42', vmId: SOURCE, user: US, baseline, maxUnknowns: 3 };
    expect(decide(firstEvidence(about, true))).toEqual({ kind: 'recall' });
  });

  test('takes a task that an earlier run started for its own, and the baseline from before it', () => {
    const earlier = {
      runId: 'run-2',
      taskIds: ['old', 'mine'],
      ends: [failed('old')],
      undoBegun: false,
      contested: false,
    };
    const baseline = look({ serviceSeen: false });
    const e = afterRecall(evidence({ mayHavePosted: true, mustRecall: true }), { ...earlier, baseline });
    expect(e.baseline).toBe(baseline);
    expect(decide(e)).toEqual({ kind: 'await', taskId: 'mine' });
  });

  test('keeps its own first look where no earlier run can have posted', () => {
    const e = evidence({ mayHavePosted: true, mustRecall: true });
    const earlier = { runId: 'run-2', taskIds: [], ends: [], undoBegun: false, contested: false };
    expect(afterRecall(e, earlier).baseline).toBe(e.baseline);
  });

  test('of which an earlier run lost the task record knows it as lost', () => {
    const earlier = {
      runId: 'run-2',
      taskIds: ['mine'],
      ends: [gone('mine')],
      undoBegun: false,
      contested: false,
    };
    expect(afterRecall(evidence({ mayHavePosted: true, mustRecall: true }), earlier)).toMatchObject({
      lost: 'mine',
    });
  });

  test('of which an earlier run began the undo is never posted again without an operator', () => {
    const earlier = {
      runId: 'run-2',
      taskIds: ['mine'],
      ends: [succeeded('mine')],
      undoBegun: true,
      contested: false,
    };
    const e = afterRecall(evidence({ mayHavePosted: true, mustRecall: true }), earlier);
    expect(e.ours).toBeUndefined();
    expect(decide(afterLook(afterQuarantine(e), nothingNew))).toMatchObject({ kind: 'needs-decision' });
  });

  test('adopts no candidate when another request had its turn since: it needs a decision', () => {
    const resultId = operation === 'clone' ? { resultId: 'vm-new' } : {};
    const tasks = [task('t1', { status: 'SUCCEEDED', ...resultId })];
    const seen = { ...nothingNew, tasks, vms: [vm('vm-new')], systemSnapshots: ['before', 'new'] };
    const ended = (contested: boolean) =>
      decide(
        afterLook(afterEnd(afterLook(evidence({ ...UNKNOWN, contested }), seen), succeeded('t1', resultId)), {
          ...seen,
        }),
      );
    expect(ended(false)).toMatchObject({ kind: 'done', taskId: 't1' });
    expect(ended(true)).toMatchObject({ kind: 'quarantine' });
    const settled = afterQuarantine(
      evidence({ ...UNKNOWN, contested: true, candidates: ['t1'], ends: { t1: succeeded('t1', resultId) } }),
    );
    expect(decide(afterLook(settled, seen))).toMatchObject({ kind: 'needs-decision' });
  });

  test('does what the operator says: this task', () => {
    const e = afterResolution(evidence({ ...UNKNOWN, ends: { mine: gone('mine') } }), {
      kind: 'task',
      taskId: 'mine',
    });
    expect(decide(e)).toEqual({ kind: 'await', taskId: 'mine' });
  });

  test('does what the operator says: post again, after a look of its own', () => {
    const seen = { ...nothingNew, vms: [vm('vm-new')], systemSnapshots: ['before', 'new'] };
    const asked = afterLook(evidence({ ...UNKNOWN, unknowns: 3, undoBegun: true }), seen);
    const repeated = afterResolution(asked, { kind: 'repeat' });
    expect(decide(repeated)).toEqual({ kind: 'look' });
    expect(decide(afterLook(repeated, seen))).toEqual({ kind: 'post' });
  });

  test('given up by the operator ends as OutcomeUnknown, naming the candidates', () => {
    const e = afterLook(evidence(UNKNOWN), {
      ...nothingNew,
      tasks: [task('t1')],
      vms: [vm('vm-new')],
      systemSnapshots: ['before', 'new'],
    });
    const named = ['t1', operation === 'clone' ? 'vm-new' : 'new'];
    expect(suspects(e)).toEqual(named);
    expect(() => afterResolution(e, { kind: 'abandon' })).toThrow(
      expect.objectContaining({ type: 'OutcomeUnknown', details: [{ candidates: named }] }),
    );
  });
});

describe('a clone', () => {
  test('asks before it adopts where another request may have recorded it', () => {
    const ended = task('t1', { status: 'SUCCEEDED', resultId: 'vm-new' });
    const seen = { ...look(), tasks: [ended], vms: [vm('vm-new')], claimsUnread: 'a run is forgotten' };
    const e = afterLook(
      cloneEvidence({ ...UNKNOWN, ends: { t1: succeeded('t1', { resultId: 'vm-new' }) } }),
      seen,
    );
    expect(decide(e)).toMatchObject({
      kind: 'needs-decision',
      why: 'whether task t1 is of another request cannot be told: a run is forgotten',
    });
  });

  const made = (...vmIds: string[]) => look({ vms: vmIds.map(vm) });

  test('is done by its own task, once it names the new machine', () => {
    const e = afterEnd(cloneEvidence({ ours: 'mine' }), succeeded('mine', { resultId: 'vm-new' }));
    expect(decide(e)).toEqual({ kind: 'done', vmId: 'vm-new', taskId: 'mine', warnings: [] });
  });

  test('that was ever unknown looks before it ends well, and a second machine of its name is a suspected duplicate', () => {
    const e = afterEnd(
      cloneEvidence({ ...UNKNOWN, ours: 'mine' }),
      succeeded('mine', { resultId: 'vm-new' }),
    );
    expect(decide(e)).toEqual({ kind: 'look' });
    expect(decide(afterLook(e, made('vm-new')))).toMatchObject({ kind: 'done', warnings: [] });
    const late = task('late', { status: 'SUCCEEDED', resultId: 'vm-2' });
    expect(decide(afterLook(e, { ...made('vm-new', 'vm-2'), tasks: [late] }))).toMatchObject({
      kind: 'done',
      vmId: 'vm-new',
      warnings: [
        { type: 'DuplicateSuspected', message: expect.stringMatching(/task mine.*vm-2 \(task late\)/) },
      ],
    });
  });

  test('whose task SUCCEEDED without a result ends as TaskFailed when nothing is there', () => {
    const e = afterLook(afterEnd(cloneEvidence({ ours: 'mine' }), succeeded('mine')), look());
    expect(decide(e)).toMatchObject({ kind: 'fail', failure: { type: 'TaskFailed' } });
  });

  test.each([
    ['FAILED', failed('mine')],
    ['SUCCEEDED without a result', succeeded('mine')],
  ])('whose task %s although a machine of the name is there names it and leaves it alone', (_title, end) => {
    const e = afterLook(afterEnd(cloneEvidence({ ours: 'mine' }), end), made('vm-new'));
    expect(decide(e)).toMatchObject({
      kind: 'fail',
      failure: { type: 'CompensationIncomplete', details: { taskId: 'mine', left: 'vm-new' } },
    });
  });

  test('whose task record is gone needs a decision when a machine of the name is there', () => {
    const lost = afterQuarantine(afterEnd(cloneEvidence({ ours: 'mine' }), gone('mine')));
    expect(decide(afterLook(lost, made('vm-new')))).toMatchObject({ kind: 'needs-decision' });
  });

  test('whose task record is gone is posted again when no machine of the name is there after the window', () => {
    const lost = afterQuarantine(afterEnd(cloneEvidence({ ours: 'mine' }), gone('mine')));
    expect(decide(afterLook(lost, look()))).toEqual({ kind: 'post' });
  });

  test('decides by the inventory where the service has never shown a task', () => {
    const silent = look({ serviceSeen: false });
    expect(decide(afterLook(cloneEvidence({ ...UNKNOWN, baseline: silent }), silent))).toEqual({
      kind: 'post',
    });
  });

  const unknownThen = (end: ReturnType<typeof succeeded>, ...vmIds: string[]) => {
    const seen = { ...made(...vmIds), tasks: [task('t1')] };
    return decide(afterLook(afterEnd(afterLook(cloneEvidence(UNKNOWN), seen), end), made(...vmIds)));
  };

  test('adopts a candidate of its user whose result is a new machine of the name', () => {
    expect(unknownThen(succeeded('t1', { resultId: 'vm-new' }), 'vm-new')).toEqual({
      kind: 'done',
      vmId: 'vm-new',
      taskId: 't1',
      warnings: [],
    });
  });

  test('takes an absent user for no mismatch', () => {
    const { user: _, ...end } = succeeded('t1', { resultId: 'vm-new' });
    expect(unknownThen(end as ReturnType<typeof succeeded>, 'vm-new')).toMatchObject({ kind: 'done' });
  });

  test('whose name is taken after an unknown start looks for its own late task before it fails', () => {
    const nothing = afterLook(afterQuarantine(afterStart(cloneEvidence(), unknown)), look());
    expect(decide(nothing)).toEqual({ kind: 'post' });
    const taken = afterStart(nothing, {
      kind: 'refused',
      final: true,
      failure: { type: 'NameTaken', message: 'the name is taken' },
    });
    expect(decide(taken)).toEqual({ kind: 'quarantine' });
    const late = afterLook(afterQuarantine(taken), look({ tasks: [task('late')] }));
    expect(decide(late)).toEqual({ kind: 'await', taskId: 'late' });
    const none = afterLook(afterQuarantine(taken), look());
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
      const e = afterQuarantine(afterEnd(afterLook(cloneEvidence(UNKNOWN), seen), end));
      expect(decide(afterLook(e, seen))).toMatchObject({
        kind: 'needs-decision',
        why: expect.stringContaining('task t1 did what was asked, and whether its account'),
      });
    },
  );

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
    const e = afterLook(cloneEvidence({ ...UNKNOWN, baseline }), {
      ...made('vm-old'),
      tasks: [task('t1', { status: 'SUCCEEDED', resultId: 'vm-old' })],
    });
    const ended = afterEnd(e, succeeded('t1', { resultId: 'vm-old' }));
    expect(decide(afterLook(ended, made('vm-old')))).not.toMatchObject({ kind: 'done' });
  });

  test('never adopts a machine of the right name without a task: it needs a decision', () => {
    expect(decide(afterLook(cloneEvidence(UNKNOWN), made('vm-new')))).toMatchObject({
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
    expect(afterLook(cloneEvidence(UNKNOWN), look({ tasks })).candidates).toEqual([]);
  });

  test('does not post while the machine of a task that has just ended may still become visible, and adopts it then', () => {
    const tasks = [task('t1', { status: 'SUCCEEDED', resultId: 'vm-new' })];
    const e = afterLook(cloneEvidence(UNKNOWN), look({ tasks }));
    expect(decide(e)).toEqual({ kind: 'quarantine' });
    const visible = afterLook(afterQuarantine(e), { ...made('vm-new'), tasks });
    expect(decide(visible)).toEqual({ kind: 'await', taskId: 't1' });
    const ended = afterLook(afterEnd(visible, succeeded('t1', { resultId: 'vm-new' })), made('vm-new'));
    expect(decide(ended)).toMatchObject({ kind: 'done', vmId: 'vm-new', taskId: 't1' });
  });

  test('waits once for what ended siblings made, then posts', () => {
    const tasks = [task('sibling', { status: 'SUCCEEDED', resultId: 'vm-sibling' })];
    const e = afterLook(cloneEvidence(UNKNOWN), look({ tasks }));
    expect(decide(e)).toEqual({ kind: 'quarantine' });
    expect(decide(afterLook(afterQuarantine(e), look({ tasks })))).toEqual({ kind: 'post' });
  });

  test('with two proven candidates adopts one and warns of a suspected duplicate with both ids', () => {
    const tasks = ['t1', 't2'].map((id) => task(id, { status: 'SUCCEEDED', resultId: `vm-${id}` }));
    const seen = { ...made('vm-t1', 'vm-t2'), tasks };
    let e = afterLook(cloneEvidence(UNKNOWN), seen);
    for (const id of ['t1', 't2']) e = afterLook(afterEnd(e, succeeded(id, { resultId: `vm-${id}` })), seen);
    expect(decide(e)).toMatchObject({
      kind: 'done',
      taskId: 't1',
      warnings: [{ type: 'DuplicateSuspected', message: expect.stringMatching(/t1.*t2/) }],
    });
  });

  test('is what the operator says: this machine', () => {
    const e = afterResolution(cloneEvidence(UNKNOWN), { kind: 'vm', vmId: 'vm-new' });
    expect(decide(e)).toEqual({ kind: 'done', vmId: 'vm-new', warnings: [] });
  });
});

describe('a revert', () => {
  test('is done by its own task', () => {
    const e = afterEnd(revertEvidence({ ours: 'mine' }), succeeded('mine'));
    expect(decide(e)).toEqual({ kind: 'done', taskId: 'mine', warnings: [] });
  });

  test('that was ever unknown warns of another revert of its user on its machine', () => {
    const e = afterEnd(revertEvidence({ ...UNKNOWN, ours: 'mine' }), succeeded('mine'));
    const tasks = [
      task('mine', { status: 'SUCCEEDED' }),
      task('late', { status: 'SUCCEEDED' }),
      task('foreign', { status: 'SUCCEEDED', user: OTHER }),
      task('elsewhere', { status: 'SUCCEEDED', targetId: 'vm-other' }),
    ];
    expect(decide(afterLook(e, { ...snapshots('before', 'new'), tasks }))).toMatchObject({
      kind: 'done',
      taskId: 'mine',
      warnings: [{ type: 'DuplicateSuspected', message: expect.stringContaining('task late') }],
    });
  });

  const unknownThen = (end: ReturnType<typeof succeeded>) => {
    const seen = { ...snapshots('before', 'new'), tasks: [task('t1')] };
    return decide(afterLook(afterEnd(afterLook(revertEvidence(UNKNOWN), seen), end), seen));
  };

  test('adopts a candidate of its user on its machine without a result', () => {
    expect(unknownThen(succeeded('t1'))).toMatchObject({ kind: 'done', taskId: 't1' });
  });

  test('does not post after a revert of a user who may be its own, of which no snapshot tells', () => {
    const end = succeeded('t1', { user: 'snapflow' });
    const seen = { ...snapshots('before'), tasks: [task('t1')] };
    const e = afterQuarantine(afterEnd(afterLook(revertEvidence(UNKNOWN), seen), end));
    expect(decide(afterLook(e, seen))).toMatchObject({
      kind: 'needs-decision',
      why: expect.stringContaining('whether its account snapflow is'),
    });
  });

  test('whose own task spells the account without its domain adopts the next one of that spelling', () => {
    const ended = afterEnd(revertEvidence({ ours: 'mine' }), succeeded('mine', { user: 'Snapflow' }));
    expect(ended.user).toBe('Snapflow');
    const other = afterEnd(revertEvidence({ ours: 'mine' }), succeeded('mine', { user: OTHER }));
    expect(other.user).toBe(US);
    const candidate = afterEnd(revertEvidence({ candidates: ['t1'] }), succeeded('t1', { user: 'Snapflow' }));
    expect(candidate.user).toBe(US);
  });

  test.each([
    ['another user', { user: OTHER }],
    ['another machine', { targetId: 'vm-other' }],
    ['a clone or restore, which has a result', { resultId: 'vm-new' }],
  ])('never adopts a candidate of %s', (_title, seen) => {
    expect(unknownThen(succeeded('t1', seen))).not.toMatchObject({ kind: 'done' });
  });

  test('takes a new SYSTEM_CREATED snapshot for a reason not to post, never for a proof', () => {
    expect(decide(afterLook(revertEvidence(UNKNOWN), snapshots('before', 'new')))).toMatchObject({
      kind: 'needs-decision',
      why: expect.stringContaining('new'),
    });
  });

  test('whose task record is gone needs a decision', () => {
    const lost = afterQuarantine(afterEnd(revertEvidence({ ours: 'mine' }), gone('mine')));
    expect(decide(afterLook(lost, snapshots('before')))).toMatchObject({ kind: 'needs-decision' });
  });

  test('one of whose candidates is not remembered any more needs a decision', () => {
    const e = afterQuarantine(afterStart(revertEvidence(), unknown));
    const seen = afterLook(
      e,
      look({ systemSnapshots: ['before'], tasks: [task('t', { targetId: SOURCE })] }),
    );
    expect(decide(seen)).toEqual({ kind: 'await', taskId: 't' });
    const ended = afterLook(afterQuarantine(afterEnd(seen, gone('t'))), snapshots('before'));
    expect(decide(ended)).toMatchObject({ kind: 'needs-decision' });
  });

  test('does not believe an empty list of a service that has never shown a task', () => {
    const silent = look({ systemSnapshots: ['before'], serviceSeen: false });
    expect(decide(afterLook(revertEvidence({ ...UNKNOWN, baseline: silent }), silent))).toMatchObject({
      kind: 'needs-decision',
    });
  });

  test('believes an empty list of a service that has shown one before', () => {
    const silent = look({ systemSnapshots: ['before'], serviceSeen: false });
    expect(decide(afterLook(revertEvidence(UNKNOWN), silent))).toEqual({ kind: 'post' });
  });

  test('keeps the power state from before its first post when an operator has it repeated', () => {
    const baseline = look({ systemSnapshots: ['before'], powerState: 'POWERED_ON' });
    const asked = afterLook(revertEvidence({ ...UNKNOWN, baseline }), {
      ...snapshots('before', 'new'),
      powerState: 'POWERED_OFF',
    });
    expect(afterResolution(asked, { kind: 'repeat' }).baseline).toMatchObject({
      powerState: 'POWERED_ON',
      systemSnapshots: ['before', 'new'],
    });
  });

  test('is what the operator says: done', () => {
    expect(decide(afterResolution(revertEvidence(UNKNOWN), { kind: 'done' }))).toEqual({
      kind: 'done',
      warnings: [],
    });
  });
});
