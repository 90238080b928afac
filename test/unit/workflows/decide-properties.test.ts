import * as fc from 'fast-check';
import type { Look, ObservedTask, TaskEnd } from '../../../src/contract/evidence';
import { decide, type Decision, type Evidence } from '../../../src/workflows/decide';
import {
  afterEnd,
  afterLook,
  afterPause,
  afterQuarantine,
  afterStart,
} from '../../../src/workflows/evidence';
import { cloneEvidence, look, OTHER, revertEvidence, SOURCE, US } from './evidence';

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

/** Whatever evidence there can be, also what no run ever gathers. */
const anyEvidence: fc.Arbitrary<Evidence> = fc
  .record({
    operation: fc.constantFrom('clone', 'revert'),
    baseline: anyLook,
    mayHavePosted: fc.boolean(),
    mustRecall: fc.boolean(),
    unknowns: fc.nat(4),
    ours: optional(fc.constantFrom(...TASK_IDS)),
    lost: optional(fc.constantFrom(...TASK_IDS)),
    quarantined: fc.boolean(),
    look: optional(anyLook),
    candidates: optional(fc.subarray([...TASK_IDS])),
    ends: anyEnds,
    undoBegun: fc.boolean(),
    refusal: optional(
      fc.boolean().map((final) => ({
        kind: 'refused',
        final,
        failure: { type: 'Busy', message: 'no' },
      })),
    ),
    resolved: optional(fc.constantFrom({}, { vmId: 'vm-1' })),
  })
  .map((known) => ({ ...cloneEvidence(), ...defined(known) }) as Evidence);

const holds = (title: string, property: (e: Evidence, decision: Decision) => void): void =>
  test(title, () => {
    fc.assert(
      fc.property(anyEvidence, (e) => property(e, decide(e))),
      { numRuns: 2_000 },
    );
  });

const isNewVm = (e: Evidence, vmId: string | undefined): boolean =>
  (e.look?.vms ?? []).some((seen) => seen.vmId === vmId) &&
  !e.baseline.vms.some((before) => before.vmId === vmId);

describe('whatever the evidence', () => {
  holds('there is a decision, and the same evidence gives the same one', (e, decision) => {
    expect(decision.kind).toEqual(expect.any(String));
    expect(decide(structuredClone(e))).toEqual(decision);
  });

  holds(
    'a run that may have posted posts only after its quarantine, a look and every candidate',
    (e, decision) => {
      if (decision.kind !== 'post' || !e.mayHavePosted) return;
      expect(e).toMatchObject({ quarantined: true, look: expect.anything(), mustRecall: false });
      expect((e.candidates ?? []).filter((taskId) => e.ends[taskId] === undefined)).toEqual([]);
      expect(e.unknowns).toBeLessThan(e.maxUnknowns);
      expect(e.undoBegun).toBe(false);
    },
  );

  holds('nothing is posted while something new is there that may be the effect', (e, decision) => {
    if (decision.kind !== 'post' || !e.mayHavePosted) return;
    const snapshots = e.operation === 'revert' ? (e.look?.systemSnapshots ?? []) : [];
    const vms = e.operation === 'clone' ? (e.look?.vms ?? []).map(({ vmId }) => vmId) : [];
    expect(snapshots.filter((id) => !(e.baseline.systemSnapshots ?? []).includes(id))).toEqual([]);
    expect(vms.filter((id) => isNewVm(e, id))).toEqual([]);
  });

  holds('nothing is posted while a task is ours', (e, decision) => {
    if (e.ours !== undefined) expect(decision.kind).not.toBe('post');
  });

  holds('it is done only by the operator, by our own task, or by a proven candidate', (e, decision) => {
    if (decision.kind !== 'done' || e.resolved !== undefined || e.ours !== undefined) return;
    const end = e.ends[decision.taskId ?? ''];
    expect(e.candidates).toContain(decision.taskId);
    expect(end).toMatchObject({ kind: 'succeeded' });
    if (end?.kind !== 'succeeded') return;
    expect([undefined, e.user]).toContain(end.user);
    if (e.operation === 'clone') expect(isNewVm(e, end.resultId)).toBe(true);
    else expect(end).toMatchObject({ targetId: e.vmId });
  });

  holds('our own task is done only when it succeeded', (e, decision) => {
    if (decision.kind !== 'done' || e.resolved !== undefined || e.ours === undefined) return;
    expect(decision.taskId).toBe(e.ours);
    expect(e.ends[e.ours]).toMatchObject({ kind: 'succeeded' });
  });

  holds('a run that was ever unknown never ends without a look', (e, decision) => {
    if (e.resolved !== undefined || !e.mayHavePosted) return;
    if (decision.kind === 'done' || decision.kind === 'fail') expect(e.look).toBeDefined();
  });

  holds('only what has not ended is awaited', (e, decision) => {
    if (decision.kind === 'await') expect(e.ends[decision.taskId]).toBeUndefined();
  });
});

describe('whatever a run sees', () => {
  const anyFirst = fc.constantFrom(cloneEvidence, revertEvidence);

  test('a task of the baseline is never a candidate', () => {
    const property = fc.property(anyFirst, anyLook, anyLook, (first, baseline, seen) => {
      const e = afterLook(first({ mayHavePosted: true, quarantined: true, baseline }), seen);
      for (const { taskId } of baseline.tasks) expect(e.candidates).not.toContain(taskId);
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  const oneStep = (e: Evidence, seen: Look, end: (taskId: string) => TaskEnd): Evidence | undefined => {
    const decision = decide(e);
    switch (decision.kind) {
      case 'pause':
        return afterPause(e);
      case 'quarantine':
        return afterQuarantine(e);
      case 'look':
        return afterLook(e, seen);
      case 'await':
        return afterEnd(e, end(decision.taskId));
      case 'post':
      case 'recall':
      case 'done':
      case 'needs-decision':
      case 'fail':
        return undefined;
    }
  };

  test('an unknown start is decided after a bounded number of steps', () => {
    const property = fc.property(anyFirst, anyLook, anyLook, anyEnds, (first, baseline, seen, ends) => {
      let e: Evidence | undefined = afterStart(first({ baseline }), { kind: 'unknown', reason: 'lost' });
      const failed = (taskId: string): TaskEnd => ({ taskId, runId: 'run-1', kind: 'failed', message: 'no' });
      // Quarantine, look, then at most an end and a look for each candidate, and once more for the visibility.
      for (let steps = 0; e !== undefined; steps++) {
        expect(steps).toBeLessThan(2 + 4 * TASK_IDS.length + 2);
        e = oneStep(e, seen, (taskId) => ends[taskId] ?? failed(taskId));
      }
    });
    fc.assert(property, { numRuns: 1_000 });
  });
});
