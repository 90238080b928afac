import type { Look, StartOutcome, TaskEnd, Recollection } from '../contract/evidence';
import { omitUndefined } from '../contract/omit-undefined';
import type { Resolution } from '../contract/resolve';
import { isEnded } from '../contract/service';
import { learnedAccount } from '../contract/spelling';
import { EFFECT_RULES, mayBeOurs, newTasks, type Evidence } from './decide';
import { toApplicationFailure } from './refusals';

/** What a start's outcome adds to the evidence. */
export function afterStart(e: Evidence, outcome: StartOutcome): Evidence {
  const { refusal: _, look: __, ...rest } = e;
  switch (outcome.kind) {
    case 'started':
      return { ...rest, ours: outcome.taskId };
    case 'refused':
      // The name is taken, perhaps by what an unknown start has made late: candidates that were frozen before say nothing.
      return { ...(isOfOwnMaking(e, outcome) ? forgetLooks(rest) : rest), refusal: outcome };
    case 'unknown':
      return forgetLooks({ ...rest, mayHavePosted: true, ...counted(e, outcome) });
  }
}

const isOfOwnMaking = (
  { mayHavePosted }: Evidence,
  { failure }: Extract<StartOutcome, { kind: 'refused' }>,
): boolean => mayHavePosted && failure.type === 'NameTaken';

/** A start that returned without posting because of a reset is no unknown of this run: the earlier runs know. */
const counted = (e: Evidence, { afterReset = false }: { readonly afterReset?: boolean }) =>
  afterReset ? { mustRecall: true } : { unknowns: e.unknowns + 1 };

/** A refusal that may not hold any more, and a look that is as old as the pause: E3, look before every post. */
export function afterPause(e: Evidence): Evidence {
  const { refusal: _, look: __, ...rest } = e;
  return rest;
}

/** Effects from before the safety wait are visible from now on. An older check does not show them. */
export function afterQuarantine(e: Evidence): Evidence {
  const { look: _, ...rest } = e;
  return { ...rest, quarantined: true };
}

/**
 * A look after a quarantine. The first one freezes the candidates (E4), and what they turn out to have made is added. A
 * lost record that is seen again was only late.
 */
export function afterLook(e: Evidence, look: Look): Evidence {
  const { lost } = e;
  if (lost !== undefined && look.tasks.some(({ taskId }) => taskId === lost)) return reclaimed(e, lost);
  const { candidates: frozen } = e;
  if (frozen !== undefined)
    return { ...e, look, candidates: [...new Set([...frozen, ...provableIn(e, look)])] };
  return { ...e, look, candidates: candidatesIn(e, look), quarantined: !mayShowMore(e, look) };
}

/** A task that ended during the quarantine may have made what becomes visible only after it. */
const mayShowMore = (e: Evidence, look: Look): boolean =>
  newTasks(look, e).some(
    ({ status, resultId, user }) =>
      isEnded(status) && mayBeOurs(user, e) && !look.vms.some(({ vmId }) => vmId === resultId),
  );

/** Ended tasks of which a new machine of the name tells, as soon as it is visible. A revert makes none. */
const provableIn = (e: Evidence, look: Look): readonly string[] =>
  newTasks(look, e)
    .filter(({ resultId }) => look.vms.some(({ vmId }) => vmId === resultId))
    .map(({ taskId }) => taskId);

function reclaimed(e: Evidence, taskId: string): Evidence {
  const { lost: _, ...rest } = e;
  const { [taskId]: __, ...ends } = e.ends;
  return { ...rest, ours: taskId, ends };
}

/** The end of a task. What was seen before it is stale, and what it made may become visible later than its end. A record that is gone makes our own outcome unknown (row 5). */
export function afterEnd(e: Evidence, end: TaskEnd): Evidence {
  const { look: _, ...rest } = e;
  const user = e.ours === end.taskId ? learnedFrom(e.user, end) : e.user;
  const known = { ...rest, user, quarantined: false, ends: { ...e.ends, [end.taskId]: end } };
  if (e.ours !== end.taskId || end.kind !== 'gone') return known;
  const { ours: __, ...disowned } = known;
  return forgetLooks({ ...disowned, lost: end.taskId, mayHavePosted: true, unknowns: e.unknowns + 1 });
}

/** A task that a start returned is ours, however it spells the account. */
const learnedFrom = (user: string, end: TaskEnd | undefined): string =>
  end?.kind === 'succeeded' ? learnedAccount(user, end.user) : user;

/** Whatever was seen is stale, and a quarantine comes first. */
function forgetLooks(e: Evidence): Evidence {
  const { look: _, candidates: __, ...rest } = e;
  return { ...rest, quarantined: false };
}

const candidatesIn = (e: Evidence, look: Look): readonly string[] =>
  newTasks(look, e)
    .filter((task) => EFFECT_RULES[e.operation].mayConcern(task, look, e))
    .map(({ taskId }) => taskId);

/** What an operator may want to look at. */
export const suspects = (e: Evidence): readonly string[] => [
  ...new Set([...(e.ours === undefined ? [] : [e.ours]), ...(e.candidates ?? [])]),
  ...(e.look === undefined ? [] : EFFECT_RULES[e.operation].traces(e.look, e)),
];

/** An operator's answer. `repeat`: what is there now was not ours, so it forbids nothing any more. */
export function afterResolution(e: Evidence, resolution: Resolution): Evidence {
  const { refusal: _, lost: __, ...rest } = e;
  // An answer takes its time: the next post needs a look of its own.
  const { look: ___, candidates: ____, unreadRuns: _____, ...unseen } = rest;
  switch (resolution.kind) {
    case 'task':
      return reclaimed(rest, resolution.taskId);
    case 'vm':
      return { ...rest, resolved: { vmId: resolution.vmId } };
    case 'done':
      return { ...rest, resolved: {} };
    case 'repeat':
      return { ...unseen, unknowns: 0, undoBegun: false, contested: false, baseline: baselineOf(e) };
    case 'abandon':
      throw toApplicationFailure({
        type: 'OutcomeUnknown',
        message: `An operator gave the ${e.operation} of ${e.called} up while its outcome was undecided: nothing was deleted.`,
        details: { candidates: suspects(e) },
      });
  }
}

/**
 * The operator has looked, so a service that shows no task at all is believed from now on. The power state that is to be
 * restored stays the one from before the first post.
 */
function baselineOf({ look, baseline }: Evidence): Look {
  const { powerState, ofOthers } = baseline;
  return {
    ...(look ?? baseline),
    ...omitUndefined({ powerState, ofOthers }),
    serviceSeen: true,
  };
}

/** What is known before the first post. A request that is run `--again` may have had its effect in an earlier run. */
export const firstEvidence = (
  about: Pick<Evidence, 'operation' | 'called' | 'vmId' | 'user' | 'baseline' | 'maxUnknowns'>,
  again: boolean,
): Evidence => ({
  ...about,
  mayHavePosted: again,
  mustRecall: again,
  unknowns: 0,
  quarantined: false,
  ends: {},
  undoBegun: false,
});

/** A reset made this run, and it is to stop. Earlier runs may have posted, so it reads them and checks before it ends (E5). */
export const beforeRecall = (e: Evidence): Evidence => ({
  ...forgetLooks(e),
  mayHavePosted: true,
  mustRecall: true,
});

/** What the histories of the request's earlier runs prove (E11): their tasks are ours, their first look is the baseline. */
export function afterRecall(e: Evidence, earlier: Recollection): Evidence {
  const ends = { ...Object.fromEntries(earlier.ends.map((end) => [end.taskId, end])), ...e.ends };
  const ours = earlier.undoBegun
    ? undefined
    : earlier.taskIds.findLast((taskId) => mayHaveWorked(ends[taskId]));
  const gone = earlier.taskIds.findLast((taskId) => ends[taskId]?.kind === 'gone');
  return {
    ...e,
    mustRecall: false,
    baseline: earlier.baseline ?? e.baseline,
    undoBegun: earlier.undoBegun,
    contested: earlier.contested,
    ...(earlier.incomplete === true ? { unreadRuns: true } : {}),
    ends,
    user: earlier.taskIds.reduce((user, taskId) => learnedFrom(user, ends[taskId]), e.user),
    ...omitUndefined({ ours, lost: ours === undefined ? gone : undefined }),
  };
}

const mayHaveWorked = (end: TaskEnd | undefined): boolean => end === undefined || end.kind === 'succeeded';
