import type { Look, StartOutcome, TaskEnd } from '../contract/evidence';
import type { Resolution } from '../contract/resolve';
import type { Evidence } from './decide';
import { EFFECT_RULES } from './effect-rules';
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

/** A look after a quarantine; the first one freezes the candidates. A lost record that is seen again was only late. */
export function afterLook(e: Evidence, look: Look): Evidence {
  const { lost } = e;
  if (lost !== undefined && look.tasks.some(({ taskId }) => taskId === lost)) return reclaimed(e, lost);
  return { ...e, look, candidates: e.candidates ?? candidatesIn(e, look) };
}

function reclaimed(e: Evidence, taskId: string): Evidence {
  const { lost: _, ...rest } = e;
  const { [taskId]: __, ...ends } = e.ends;
  return { ...rest, ours: taskId, ends };
}

/** The end of a task. What was seen before it is stale; a record that is gone makes our own outcome unknown (row 5). */
export function afterEnd(e: Evidence, end: TaskEnd): Evidence {
  const { look: _, ...rest } = e;
  const known = { ...rest, ends: { ...e.ends, [end.taskId]: end } };
  if (end.kind !== 'gone' || e.ours !== end.taskId) return known;
  const { ours: __, ...disowned } = known;
  return forgetLooks({ ...disowned, lost: end.taskId, mayHavePosted: true, unknowns: e.unknowns + 1 });
}

function forgetLooks(e: Evidence): Evidence {
  const { look: _, candidates: __, ...rest } = e;
  return { ...rest, quarantined: false };
}

const candidatesIn = (e: Evidence, look: Look): readonly string[] =>
  look.tasks
    .filter(({ taskId }) => !e.baseline.tasks.some((before) => before.taskId === taskId))
    .filter((task) => EFFECT_RULES[e.operation].mayConcern(task, look, e))
    .map(({ taskId }) => taskId);

/** What an operator may want to look at. */
export const suspects = (e: Evidence): readonly string[] => [
  ...(e.candidates ?? []),
  ...(e.look === undefined ? [] : EFFECT_RULES[e.operation].traces(e.look, e)),
];

/** An operator's answer. `repeat`: what is there now was not ours, so it forbids nothing any more. */
export function afterResolution(e: Evidence, resolution: Resolution): Evidence {
  const { refusal: _, lost: __, ...rest } = e;
  switch (resolution.kind) {
    case 'task':
      return { ...rest, ours: resolution.taskId };
    case 'vm':
      return { ...rest, resolved: { vmId: resolution.vmId } };
    case 'done':
      return { ...rest, resolved: {} };
    case 'repeat':
      return { ...rest, unknowns: 0, undoBegun: false, baseline: baselineOf(e) };
    case 'abandon':
      throw toApplicationFailure({
        type: 'OutcomeUnknown',
        message: `An operator gave the ${e.operation} of ${e.called} up while its outcome was undecided: nothing was deleted.`,
        details: { candidates: suspects(e) },
      });
  }
}

/** The operator has looked, so a service that shows no task at all is believed from now on. */
const baselineOf = (e: Evidence): Look => ({ ...(e.look ?? e.baseline), serviceSeen: true });
