import type { Look, ObservedTask, StartOutcome, TaskEnd } from '../contract/evidence';
import type { Resolution } from '../contract/resolve';
import type { Evidence } from './decide';
import { toApplicationFailure } from './fail';

/** What a start's outcome adds to the evidence. */
export function afterStart(e: Evidence, outcome: StartOutcome): Evidence {
  const { refusal: _, look: __, ...rest } = e;
  switch (outcome.kind) {
    case 'started':
      return { ...rest, ours: outcome.taskId };
    case 'refused':
      return { ...rest, refusal: outcome };
    case 'unknown':
      return forgetLooks({ ...rest, mayHavePosted: true, ...counted(e, outcome) });
  }
}

/** A start that a reset made return without posting is no unknown of ours: the earlier runs know. */
const counted = (e: Evidence, { afterReset = false }: { readonly afterReset?: boolean }) =>
  afterReset ? { mustRecall: true } : { unknowns: e.unknowns + 1 };

/** A refusal that may not hold any more: the next decision posts again. */
export function afterPause(e: Evidence): Evidence {
  const { refusal: _, ...rest } = e;
  return rest;
}

/** A look after a quarantine; the first one freezes the candidates. */
export const afterLook = (e: Evidence, look: Look): Evidence => ({
  ...e,
  look,
  candidates: e.candidates ?? candidatesIn(e, look),
});

/** The end of a task. What was seen before it is stale; a record that is gone makes our own outcome unknown (row 5). */
export function afterEnd(e: Evidence, end: TaskEnd): Evidence {
  const { look: _, ...rest } = e;
  const known = { ...rest, ends: { ...e.ends, [end.taskId]: end } };
  if (end.kind !== 'gone' || e.ours !== end.taskId) return known;
  const { ours: __, ...disowned } = known;
  return forgetLooks({ ...disowned, mayHavePosted: true, unknowns: e.unknowns + 1 });
}

function forgetLooks(e: Evidence): Evidence {
  const { look: _, candidates: __, ...rest } = e;
  return { ...rest, quarantined: false };
}

/**
 * Tasks that were not there before the post and may still make, or have made, a machine of the requested name. One that
 * ended otherwise has no effect that could be ours.
 */
const candidatesIn = (e: Evidence, look: Look): readonly string[] =>
  look.tasks
    .filter(({ taskId }) => !e.baseline.tasks.some((before) => before.taskId === taskId))
    .filter((task) => mayConcern(task, look))
    .map(({ taskId }) => taskId);

function mayConcern(task: ObservedTask, look: Look): boolean {
  switch (task.status) {
    case 'PENDING':
    case 'RUNNING':
    case 'BLOCKED':
      return true;
    case 'FAILED':
      return false;
    case 'SUCCEEDED':
      return task.resultId === undefined || look.vms.some(({ vmId }) => vmId === task.resultId);
  }
}

/** An operator's answer. `repeat`: what is there now was not ours, so it forbids nothing any more. */
export function afterResolution(e: Evidence, resolution: Resolution): Evidence {
  switch (resolution.kind) {
    case 'task':
      return { ...e, ours: resolution.taskId };
    case 'vm':
      return { ...e, resolvedVmId: resolution.vmId };
    case 'repeat':
      return { ...e, unknowns: 0, undoBegun: false, baseline: e.look ?? e.baseline };
    case 'done':
    case 'abandon':
      throw toApplicationFailure({
        type: 'OutcomeUnknown',
        message: `An operator gave the clone ${e.name} up while its outcome was undecided: nothing was deleted.`,
        details: { candidates: [...(e.candidates ?? []), ...(e.look?.vms ?? []).map(({ vmId }) => vmId)] },
      });
  }
}
