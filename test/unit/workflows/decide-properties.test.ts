import * as fc from 'fast-check';
import type { Look, ObservedTask, TaskEnd } from '../../../src/contract/evidence';
import { decide, type Decision } from '../../../src/workflows/decide';
import type { Evidence, Phase } from '../../../src/workflows/phases';
import {
  cloneEvidence,
  ended,
  look,
  looked,
  OTHER,
  paused,
  posted,
  revertEvidence,
  SOURCE,
  unknown,
  US,
  waited,
} from './evidence';

const TASK_IDS = ['t1', 't2', 't3'] as const;
const VM_IDS = ['vm-1', 'vm-2', SOURCE] as const;

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const defined = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

const taskFields = {
  user: optional(fc.constantFrom(US, OTHER)),
  targetId: optional(fc.constantFrom(SOURCE, 'vm-other')),
  resultId: optional(fc.constantFrom(...VM_IDS)),
};

const anyTask = fc
  .record({
    taskId: fc.constantFrom(...TASK_IDS),
    status: fc.constantFrom('PENDING', 'RUNNING', 'BLOCKED', 'SUCCEEDED', 'FAILED'),
    ...taskFields,
  })
  .map((seen) => defined(seen) as ObservedTask);

const anyLook: fc.Arbitrary<Look> = fc
  .record({
    tasks: fc.uniqueArray(anyTask, { selector: ({ taskId }) => taskId }),
    vms: fc.subarray(['vm-1', 'vm-2']),
    systemSnapshots: fc.subarray(['before', 'new']),
    serviceSeen: fc.boolean(),
  })
  .map(({ vms, ...seen }) =>
    look({ ...seen, vms: vms.map((vmId) => ({ vmId, powerState: 'POWERED_OFF' })) }),
  );

const endOf = (taskId: string): fc.Arbitrary<TaskEnd> =>
  fc.oneof(
    fc
      .record(taskFields)
      .map((seen): TaskEnd => ({ taskId, runId: 'run-1', kind: 'succeeded', ...defined(seen) })),
    fc.constant<TaskEnd>({ taskId, runId: 'run-1', kind: 'failed', message: 'no' }),
    fc.constant<TaskEnd>({ taskId, runId: 'run-1', kind: 'gone' }),
  );

const anyEnds = fc
  .tuple(...TASK_IDS.map((taskId) => optional(endOf(taskId))))
  .map((ends) => Object.fromEntries(ends.flatMap((end) => (end === undefined ? [] : [[end.taskId, end]]))));

const orUndefined = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const anyRefusal = orUndefined(
  fc.boolean().map((final) => ({
    kind: 'refused' as const,
    final,
    failure: { type: 'Busy' as const, message: 'no' },
  })),
);
const anyTaskId = fc.constantFrom(...TASK_IDS);
const seen = { hasWaited: fc.boolean(), look: orUndefined(anyLook) };
const anyEnd = endOf('t1').filter((end) => end.kind !== 'gone');

/** One of each kind, so that a new phase does not compile without one here. */
const PHASES: { readonly [Kind in Phase['kind']]: fc.Arbitrary<Extract<Phase, { kind: Kind }>> } = {
  unposted: fc.record({ kind: fc.constant('unposted'), refusal: anyRefusal }),
  stale: fc.constant({ kind: 'stale' }),
  unread: fc.constant({ kind: 'unread' }),
  unknown: fc.record({ kind: fc.constant('unknown'), hasWaited: fc.boolean(), refusal: anyRefusal }),
  looking: fc.record({
    kind: fc.constant('looking'),
    candidates: fc.subarray([...TASK_IDS]),
    ...seen,
    refusal: anyRefusal,
  }),
  ours: fc.record({ kind: fc.constant('ours'), taskId: anyTaskId, wasUnknown: fc.boolean() }),
  ended: fc.record({ kind: fc.constant('ended'), end: anyEnd, wasUnknown: fc.boolean(), ...seen }),
  lost: fc.record({ kind: fc.constant('lost'), taskId: anyTaskId, ...seen }),
  resolved: fc.constantFrom({ kind: 'resolved' }, { kind: 'resolved', vmId: 'vm-1' }),
};

/** Whatever evidence there can be, also what no run ever gathers. */
const anyEvidence: fc.Arbitrary<Evidence> = fc
  .record({
    known: fc.record({
      operation: fc.constantFrom('clone', 'revert'),
      called: fc.constant('ci-42'),
      vmId: fc.constant(SOURCE),
      user: fc.constant(US),
      maxUnknowns: fc.constant(3),
      ifStale: fc.constantFrom('look', 'refuse'),
      baseline: anyLook,
      unknowns: fc.nat(4),
      ends: anyEnds,
      earlier: orUndefined(
        fc.record({ undoBegun: fc.boolean(), maybeOthers: fc.boolean(), isIncomplete: fc.boolean() }),
      ),
    }),
    phase: fc.oneof(...Object.values(PHASES)),
  })
  .map(({ known: { earlier, ...known }, phase }) => ({
    known: { ...known, ...defined({ earlier }) },
    phase,
  }));

const holds = (title: string, property: (e: Evidence, decision: Decision) => void): void =>
  test(title, () => {
    fc.assert(
      fc.property(anyEvidence, (e) => property(e, decide(e))),
      { numRuns: 4_000 },
    );
  });

const isNewVm = ({ known, phase }: Evidence, vmId: string | undefined): boolean =>
  'look' in phase &&
  (phase.look?.vms ?? []).some((vm) => vm.vmId === vmId) &&
  !known.baseline.vms.some((before) => before.vmId === vmId);

describe('whatever the evidence', () => {
  holds('there is a decision, and the same evidence gives the same one', (e, decision) => {
    expect(decision.kind).toEqual(expect.any(String));
    expect(decide(structuredClone(e))).toEqual(decision);
  });

  holds('a step is taken in the phase that the evidence is in', ({ phase }, decision) => {
    if ('phase' in decision) expect(decision.phase).toBe(phase);
  });

  holds(
    'a run that may have posted posts only after its safety wait, a check and every candidate',
    ({ known, phase }, decision) => {
      if (decision.kind !== 'post' || phase.kind === 'unposted') return;
      expect(phase).toMatchObject({ kind: 'looking', hasWaited: true, look: expect.anything() });
      if (phase.kind !== 'looking') return;
      expect(phase.candidates.filter((taskId) => known.ends[taskId] === undefined)).toEqual([]);
      expect(known.unknowns).toBeLessThan(known.maxUnknowns);
      expect(known.earlier?.undoBegun).not.toBe(true);
    },
  );

  holds('nothing is posted while something new is there that may be the effect', (e, decision) => {
    const { known, phase } = e;
    if (decision.kind !== 'post' || phase.kind !== 'looking') return;
    const snapshots = known.operation === 'revert' ? (phase.look?.systemSnapshots ?? []) : [];
    const vms = known.operation === 'clone' ? (phase.look?.vms ?? []).map(({ vmId }) => vmId) : [];
    expect(snapshots.filter((id) => !(known.baseline.systemSnapshots ?? []).includes(id))).toEqual([]);
    expect(vms.filter((id) => isNewVm(e, id))).toEqual([]);
  });

  holds('nothing is posted once a start was accepted', ({ phase }, decision) => {
    if (phase.kind === 'ours' || phase.kind === 'ended' || phase.kind === 'lost')
      expect(decision.kind).not.toBe('post');
  });

  holds('it is done only by the operator, by our own task, or by a proven candidate', (e, decision) => {
    const { known, phase } = e;
    if (decision.kind !== 'done' || phase.kind !== 'looking') return;
    const end = known.ends[decision.taskId ?? ''];
    expect(phase.candidates).toContain(decision.taskId);
    expect(end).toMatchObject({ kind: 'succeeded' });
    if (end?.kind !== 'succeeded') return;
    expect(end.user).toBe(known.user);
    if (known.operation === 'clone') expect(isNewVm(e, end.resultId)).toBe(true);
    else expect(end).toMatchObject({ targetId: known.vmId });
  });

  holds('our own task is done only when it succeeded', ({ phase }, decision) => {
    if (decision.kind !== 'done') return;
    expect(['looking', 'ended', 'resolved']).toContain(phase.kind);
    if (phase.kind === 'ended')
      expect(phase.end).toMatchObject({ kind: 'succeeded', taskId: decision.taskId });
  });

  holds('a run that was ever unknown never ends without a look', ({ phase }, decision) => {
    if (decision.kind !== 'done' && decision.kind !== 'fail') return;
    if (phase.kind === 'looking' || (phase.kind === 'ended' && phase.wasUnknown))
      expect(phase.look).toBeDefined();
  });

  holds('only what has not ended is awaited', ({ known, phase }, decision) => {
    if (decision.kind !== 'await') return;
    if (phase.kind === 'looking') expect(known.ends[decision.taskId]).toBeUndefined();
    else expect(phase).toMatchObject({ kind: 'ours', taskId: decision.taskId });
  });
});

describe('whatever a run sees', () => {
  const anyFirst = fc.constantFrom(cloneEvidence, revertEvidence);

  test('a task of the baseline is never a candidate', () => {
    const property = fc.property(anyFirst, anyLook, anyLook, (first, baseline, sees) => {
      const { phase } = looked(unknown(first({ baseline })), sees);
      if (phase.kind !== 'looking') throw new Error(`it is ${phase.kind}`);
      for (const { taskId } of baseline.tasks) expect(phase.candidates).not.toContain(taskId);
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  const oneStep = (e: Evidence, sees: Look, end: (taskId: string) => TaskEnd): Evidence | undefined => {
    const decision = decide(e);
    switch (decision.kind) {
      case 'pause':
        return paused(e);
      case 'quarantine':
        return waited(e);
      case 'look':
        return looked(e, sees);
      case 'await':
        return ended(e, end(decision.taskId));
      case 'post':
      case 'recall':
      case 'done':
      case 'needs-decision':
      case 'fail':
        return undefined;
    }
  };

  test('an unknown start is decided after a bounded number of steps', () => {
    const property = fc.property(anyFirst, anyLook, anyLook, anyEnds, (first, baseline, sees, ends) => {
      let e: Evidence | undefined = posted(first({ baseline }), { kind: 'unknown', reason: 'lost' });
      const failed = (taskId: string): TaskEnd => ({ taskId, runId: 'run-1', kind: 'failed', message: 'no' });
      // Quarantine, look, then at most an end and a look for each candidate, and once more for the visibility.
      for (let steps = 0; e !== undefined; steps++) {
        expect(steps).toBeLessThan(2 + 4 * TASK_IDS.length + 2);
        e = oneStep(e, sees, (taskId) => ends[taskId] ?? failed(taskId));
      }
    });
    fc.assert(property, { numRuns: 1_000 });
  });
});
