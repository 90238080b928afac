import type { Look, StartOutcome, Recollection } from '../contract/evidence';
import { omitUndefined } from '../contract/omit-undefined';
import type { Resolution } from '../contract/resolve';
import { learnedAccount } from '../contract/spelling';
import type { Asking } from './decide';
import { EFFECT_RULES, mayBeOurs, mayWork, newStrays, newTasks } from './effect-rules';
import type {
  End,
  Ended,
  Evidence,
  Known,
  Looking,
  Lost,
  Ours,
  Refusal,
  Stale,
  Unknown,
  Unposted,
} from './phases';
import { toApplicationFailure } from './refusals';

/** What is known before the first post. A request that is run `--again` may have had its effect in an earlier run. */
export const firstEvidence = (
  about: Pick<Known, 'operation' | 'called' | 'hasOwnName' | 'vmId' | 'user' | 'baseline' | 'maxUnknowns'> &
    Partial<Pick<Known, 'ifStale'>>,
  again: boolean,
): Evidence => ({
  known: { ifStale: 'look', ...about, unknowns: 0, ends: {} },
  phase: again ? { kind: 'unread' } : UNPOSTED,
});

const UNPOSTED: Unposted = { kind: 'unposted', refusal: undefined };

/** A start call may have had its effect: a safety wait comes first, and whatever was seen before it is stale. */
const UNKNOWN: Unknown = { kind: 'unknown', hasWaited: false, refusal: undefined };

/** What a start's outcome leads to. */
export function afterStart(known: Known, phase: Unposted | Looking, outcome: StartOutcome): Evidence {
  switch (outcome.kind) {
    case 'started':
      return ours(known, outcome.taskId, phase.kind === 'looking');
    case 'refused':
      if (phase.kind === 'unposted') return { known, phase: { ...phase, refusal: outcome } };
      // What has the name now may be what an unknown start made late: candidates that were fixed before say nothing.
      if (outcome.failure.type === 'NameTaken') return { known, phase: { ...UNKNOWN, refusal: outcome } };
      return { known, phase: { ...phase, look: undefined, refusal: outcome } };
    case 'stale':
      if (phase.kind === 'looking') return { known, phase: { ...phase, look: undefined } };
      return known.ifStale === 'look'
        ? { known, phase: { kind: 'stale' } }
        : { known, phase: { ...phase, refusal: refusedAs(outcome.what) } };
    case 'unknown':
      return afterUnknown(known, outcome);
  }
}

const refusedAs = (what: string): Refusal => ({
  kind: 'refused',
  final: true,
  failure: { type: 'Rejected', message: what },
});

function afterUnknown(known: Known, outcome: Extract<StartOutcome, { kind: 'unknown' }>): Evidence {
  // A start that a reset ended has not posted. Earlier runs may have: they know.
  if (outcome.afterReset === true) return beforeRecall(known);
  const { answer } = outcome;
  // An outage that answers must not become a question: once a check has found nothing, it is a refusal that passes.
  if (answer !== undefined) return { known, phase: { ...UNKNOWN, refusal: unprovenRefusal(answer) } };
  return { known: { ...known, unknowns: known.unknowns + 1 }, phase: unknownOf(outcome) };
}

/** Where a worker said nothing of its start call, its kernel may still deliver it. */
const lateCallOf = ({ withoutWord }: { readonly withoutWord?: true }) =>
  omitUndefined({ mayBeLate: withoutWord });

const unknownOf = (posted: { readonly withoutWord?: true }): Unknown => ({
  ...UNKNOWN,
  ...lateCallOf(posted),
});

const unprovenRefusal = (answer: Pick<Refusal, 'failure' | 'retryAfterMs'>): Refusal =>
  answer.failure.type === 'NameTaken'
    ? { kind: 'refused', final: true, mayBeOwn: true, ...answer }
    : { kind: 'refused', final: false, ...answer };

const ours = (known: Known, taskId: string, wasUnknown: boolean): Evidence<Ours> => ({
  known,
  phase: { kind: 'ours', taskId, wasUnknown },
});

const lost = (taskId: string): Lost => ({ kind: 'lost', taskId, hasWaited: false, look: undefined });

/** A refusal that may not hold any more, and a look that is as old as the pause: E3, look before every post. */
export const afterPause = (known: Known, phase: Unposted | Looking): Evidence => ({
  known,
  phase: phase.kind === 'unposted' ? UNPOSTED : { ...phase, look: undefined, refusal: undefined },
});

/** Effects from before the safety wait are visible from now on. An older check does not show them. */
export const afterQuarantine = (known: Known, phase: Unknown | Looking | Ended | Lost): Evidence => ({
  known,
  phase:
    phase.kind === 'unknown' ? { ...phase, hasWaited: true } : { ...phase, hasWaited: true, look: undefined },
});

/**
 * A check. While nothing is posted it is the new baseline. The first one after an unknown start freezes the candidates
 * (E4). One after the wait for a late call adds those that came meanwhile, any other one what proves itself.
 */
export function afterLook(
  known: Known,
  phase: Stale | Unknown | Looking | Ended | Lost,
  look: Look,
): Evidence {
  switch (phase.kind) {
    case 'stale': {
      const { ofOthers } = known.baseline;
      return { known: { ...known, baseline: { ...look, ...omitUndefined({ ofOthers }) } }, phase: UNPOSTED };
    }
    case 'unknown': {
      const { refusal, mayBeLate } = phase;
      const hasWaited = mayBeLate !== true && !mayShowMore(known, look);
      const found = { candidates: candidatesIn(known, look), hasWaited, ...omitUndefined({ mayBeLate }) };
      return { known, phase: { kind: 'looking', ...found, look, refusal } };
    }
    case 'looking': {
      if (phase.mayBeLate === true && phase.hasWaited) return afterLastLook(known, phase, look);
      const candidates = [...new Set([...phase.candidates, ...provableIn(known, look)])];
      return { known, phase: { ...phase, candidates, look } };
    }
    case 'lost':
      // A record that is seen again was only late.
      if (look.tasks.some(({ taskId }) => taskId === phase.taskId)) return ours(known, phase.taskId, true);
      return { known, phase: { ...phase, look } };
    case 'ended':
      return { known, phase: { ...phase, look } };
  }
}

/** After the wait for a late call: it has arrived by now, or never will. */
function afterLastLook(known: Known, { kind, refusal, ...phase }: Looking, look: Look): Evidence {
  const candidates = [...new Set([...phase.candidates, ...candidatesIn(known, look)])];
  return { known, phase: { kind, candidates, hasWaited: !mayShowMore(known, look), look, refusal } };
}

/** A task that ended during the quarantine may have made what becomes visible only after it. */
const mayShowMore = (known: Known, look: Look): boolean =>
  newTasks(look, known).some(
    (task) =>
      !mayWork(task) && mayBeOurs(task.user, known) && !look.vms.some(({ vmId }) => vmId === task.resultId),
  );

/** Ended tasks of which a new machine of the name tells, as soon as it is visible. A revert makes none. */
const provableIn = (known: Known, look: Look): readonly string[] =>
  newTasks(look, known)
    .filter(({ user, resultId }) => mayBeOurs(user, known) && look.vms.some(({ vmId }) => vmId === resultId))
    .map(({ taskId }) => taskId);

/** A task of another account is not waited for: whatever it makes is not this request's. */
const candidatesIn = (known: Known, look: Look): readonly string[] =>
  newTasks(look, known)
    .filter(
      (task) => mayBeOurs(task.user, known) && EFFECT_RULES[known.operation].mayConcern(task, look, known),
    )
    .map(({ taskId }) => taskId);

/** The end of a task. What was seen before it is stale, and what it made may become visible later than its end. */
export function afterEnd(before: Known, phase: Looking | Ours, end: End): Evidence {
  const known = { ...before, ends: { ...before.ends, [end.taskId]: end } };
  if (phase.kind === 'looking') return { known, phase: { ...phase, hasWaited: false, look: undefined } };
  // Our own task is awaited however long it takes.
  if (end.kind === 'overdue') return { known: before, phase };
  if (end.kind === 'gone') return { known, phase: lost(end.taskId) };
  return {
    known: { ...known, user: learnedFrom(known.user, end) },
    phase: { kind: 'ended', end, wasUnknown: phase.wasUnknown, hasWaited: false, look: undefined },
  };
}

/** A task that a start returned is ours, however it spells the account. */
const learnedFrom = (user: string, end: End | undefined): string =>
  end?.kind === 'succeeded' ? learnedAccount(user, end.user) : user;

/** What an operator may want to look at. */
export function candidatesToShow({ known, phase }: Evidence<Asking>): readonly string[] {
  const { look } = phase;
  const traces =
    look === undefined
      ? []
      : [...EFFECT_RULES[known.operation].traces(look, known), ...strayIds(look, known)];
  switch (phase.kind) {
    case 'looking':
      return [...phase.candidates, ...traces];
    case 'ended':
      return [phase.end.taskId, ...traces];
    case 'lost':
      return [...(phase.look === undefined ? [] : candidatesIn(known, phase.look)), ...traces];
  }
}

const strayIds = (look: Look, known: Known): readonly string[] =>
  newStrays(look, known).map(({ vmId }) => vmId);

/** An operator's answer. `repeat`: what is there now was not ours, so it forbids nothing any more. */
export function afterResolution(known: Known, phase: Asking, resolution: Resolution): Evidence {
  switch (resolution.kind) {
    case 'task':
      return ours(known, resolution.taskId, phase.kind !== 'ended' || phase.wasUnknown);
    case 'vm':
      return { known, phase: { kind: 'resolved', vmId: resolution.vmId } };
    case 'done':
      return { known, phase: { kind: 'resolved' } };
    case 'repeat': {
      const { earlier: _, ...rest } = known;
      // An answer takes its time: the next post needs a look of its own.
      return {
        known: { ...rest, unknowns: 0, baseline: baselineOf(known, phase.look) },
        phase: { ...UNKNOWN, hasWaited: phase.hasWaited, ...stillLate(phase) },
      };
    }
    case 'abandon':
      throw toApplicationFailure({
        type: 'OutcomeUnknown',
        message: `An operator gave the ${known.operation} of ${known.called} up while its outcome was undecided: nothing was deleted.`,
        details: { candidates: candidatesToShow({ known, phase }) },
      });
  }
}

/** An operator does not see what is still on its way. */
const stillLate = (phase: Asking) =>
  phase.kind === 'ended' ? {} : omitUndefined({ mayBeLate: phase.mayBeLate });

/**
 * The operator has looked, so a service that shows no task at all, or not all, is believed from now on. The power state that is to be
 * restored stays the one from before the first post.
 */
function baselineOf({ baseline }: Known, look: Look = baseline): Look {
  const { powerState, ofOthers, seenAt } = baseline;
  const { inconclusive: _, ...seen } = look;
  return { ...seen, ...omitUndefined({ powerState, ofOthers, seenAt }), serviceSeen: true };
}

/** Earlier runs may have posted: this one reads their histories and looks before it posts or ends (E5). */
export const beforeRecall = (known: Known): Evidence => ({ known, phase: { kind: 'unread' } });

/** What the histories of the request's earlier runs prove (E11): their tasks are ours, their first look is the baseline. */
export function afterRecall(before: Known, recalled: Recollection): Evidence {
  const { baseline = before.baseline, taskIds, undoBegun, contested, incomplete } = recalled;
  const ends = { ...Object.fromEntries(recalled.ends.map((end) => [end.taskId, end])), ...before.ends };
  const earlier = { undoBegun, maybeOthers: contested, isIncomplete: incomplete === true };
  const user = taskIds.reduce((spelled, taskId) => learnedFrom(spelled, ends[taskId]), before.user);
  const known = { ...before, user, baseline, ends, earlier };
  // What was undone, or what is left of it, only an operator can tell.
  if (undoBegun) return { known, phase: unknownOf(recalled) };
  const taskId = taskIds.findLast((id) => mayHaveWorked(ends[id]));
  if (taskId === undefined) {
    const gone = taskIds.findLast((id) => ends[id]?.kind === 'gone');
    const phase = gone === undefined ? unknownOf(recalled) : { ...lost(gone), ...lateCallOf(recalled) };
    return { known, phase };
  }
  const started = ours(known, taskId, true);
  const end = ends[taskId];
  return end === undefined ? started : afterEnd(known, started.phase, end);
}

const mayHaveWorked = (end: End | undefined): boolean => end === undefined || end.kind === 'succeeded';
