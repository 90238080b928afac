import type { Look, ObservedTask, Recollection, StartOutcome, TaskEnd } from '../../../src/contract/evidence';
import type { Resolution } from '../../../src/contract/resolve';
import { decide, type Decision } from '../../../src/workflows/decide';
import {
  afterEnd,
  afterLook,
  afterPause,
  afterQuarantine,
  afterRecall,
  afterResolution,
  afterStart,
  candidatesToShow,
  firstEvidence,
} from '../../../src/workflows/evidence';
import type { End, Evidence, Known } from '../../../src/workflows/phases';

export const US = 'snapflow@vsphere.local';
export const OTHER = 'somebody@vsphere.local';
export const SOURCE = 'vm-source';

export const look = (seen: Partial<Look> = {}): Look => ({
  runId: 'run-1',
  tasks: [],
  vms: [],
  serviceSeen: true,
  ...seen,
});

export const vm = (vmId: string) => ({ vmId, powerState: 'POWERED_OFF' });

/** A task as a list shows it: of our user and on our machine unless it is said otherwise. */
export const task = (taskId: string, seen: Partial<ObservedTask> = {}): ObservedTask => ({
  taskId,
  status: 'RUNNING',
  targetId: SOURCE,
  user: US,
  ...seen,
});

export const succeeded = (
  taskId: string,
  seen: { resultId?: string; targetId?: string; user?: string } = {},
) =>
  ({
    taskId,
    runId: 'run-1',
    kind: 'succeeded',
    targetId: SOURCE,
    user: US,
    ...seen,
  }) as const satisfies TaskEnd;

export const failed = (taskId: string) =>
  ({ taskId, runId: 'run-1', kind: 'failed', message: 'no room' }) as const satisfies TaskEnd;

export const gone = (taskId: string) => ({ taskId, runId: 'run-1', kind: 'gone' }) as const satisfies TaskEnd;

export const unreadable = (taskId: string) =>
  ({ taskId, runId: 'run-1', kind: 'unreadable', message: 'an odd status.' }) as const satisfies TaskEnd;

const first = (operation: 'clone' | 'revert', baseline: Look): Evidence =>
  firstEvidence({ operation, called: 'ci-42', vmId: SOURCE, user: US, baseline, maxUnknowns: 3 }, false);

const knowing = ({ known, phase }: Evidence, more: Partial<Known>): Evidence => ({
  known: { ...known, ...more },
  phase,
});

/** A clone before its first post; nothing of its name was there. */
export const cloneEvidence = (known: Partial<Known> = {}): Evidence => knowing(first('clone', look()), known);

/** A revert before its first post; one snapshot of an earlier revert was there. */
export const revertEvidence = (known: Partial<Known> = {}): Evidence =>
  knowing(first('revert', look({ systemSnapshots: ['before'] })), known);

/** The step that `decide` takes; a test takes no other one. */
function step<Kind extends Decision['kind']>(e: Evidence, kind: Kind): Extract<Decision, { kind: Kind }> {
  const decision = decide(e);
  if (decision.kind === kind) return decision as Extract<Decision, { kind: Kind }>;
  throw new Error(`decided ${JSON.stringify(decision)}, not ${kind}`);
}

export const posted = (e: Evidence, outcome: StartOutcome): Evidence =>
  afterStart(e.known, step(e, 'post').phase, outcome);
export const paused = (e: Evidence): Evidence => afterPause(e.known, step(e, 'pause').phase);
export const waited = (e: Evidence): Evidence => afterQuarantine(e.known, step(e, 'quarantine').phase);
export const looked = (e: Evidence, seen: Look): Evidence => afterLook(e.known, step(e, 'look').phase, seen);
export const ended = (e: Evidence, end: End): Evidence => afterEnd(e.known, step(e, 'await').phase, end);
export const answered = (e: Evidence, resolution: Resolution): Evidence =>
  afterResolution(e.known, step(e, 'needs-decision').phase, resolution);
export const shown = (e: Evidence): readonly string[] =>
  candidatesToShow({ known: e.known, phase: step(e, 'needs-decision').phase });

/** After an unknown start and its safety wait. */
export const unknown = (e: Evidence): Evidence =>
  waited(posted(e, { kind: 'unknown', reason: 'the answer was lost' }));

/** After a start that returned task `mine`. */
export const started = (e: Evidence): Evidence => posted(e, { kind: 'started', taskId: 'mine' });

/** After the safety wait of a start whose task's record is gone. */
export const lost = (e: Evidence): Evidence => waited(ended(started(e), gone('mine')));

/** When a run has read what the earlier ones of its request recorded. */
export const recalled = (e: Evidence, earlier: Partial<Recollection>): Evidence =>
  afterRecall(e.known, {
    runId: 'run-2',
    taskIds: [],
    ends: [],
    undoBegun: false,
    contested: false,
    ...earlier,
  });
