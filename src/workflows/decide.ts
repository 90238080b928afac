import type { Look, ObservedTask, TaskEnd, StartOutcome } from '../contract/evidence';
import type { Failure } from '../contract/failures';
import { omitUndefined } from '../contract/omit-undefined';
import type { Operation, Warning } from '../contract/operations';
import { isEnded } from '../contract/service';
import { compareAccounts } from '../contract/spelling';
import { oneLine } from '../contract/text';

/** What tells a clone's effect from a revert's. Everything else about a start is the same for both. */
export interface EffectRules {
  /** Whether a task that was not there before may be, or have been, this request's. */
  readonly mayConcern: (task: ObservedTask, look: Look, e: Evidence) => boolean;
  /** Whether the end of a candidate proves that it is ours, its user fitting. */
  readonly isProof: (end: SucceededEnd, look: Look, e: Evidence) => boolean;
  /** Whether a task that a start returned has done what was asked. */
  readonly isDone: (end: SucceededEnd) => boolean;
  /** Objects that appeared since before the first post: each forbids a post and proves nothing by itself. */
  readonly traces: (look: Look, e: Evidence) => readonly string[];
  /** What looks like the effect of another post of this request, besides the one that is ours. */
  readonly duplicates: (ours: SucceededEnd, look: Look, e: Evidence) => readonly string[];
  /** Whether a look that found nothing says that there was nothing. */
  readonly isConclusive: (look: Look, e: Evidence) => boolean;
}

export type SucceededEnd = Extract<TaskEnd, { kind: 'succeeded' }>;

/** Tasks that were not there in the last look before the first post, and that no other request claims. */
export const newTasks = (look: Look, { baseline }: Evidence): readonly ObservedTask[] =>
  look.tasks.filter(
    ({ taskId }) =>
      !isOfOthers(taskId, look, baseline) && !baseline.tasks.some((before) => before.taskId === taskId),
  );

/** What the lock's last holders recorded before this request, or any other request since, is never this one's. */
const isOfOthers = (id: string, { claims = [] }: Look, { ofOthers = [] }: Look): boolean =>
  ofOthers.includes(id) || claims.some((claim) => claim.id === id);

/** A clone is known by its machine: the result of its task is a new machine of the requested name. */
const clone: EffectRules = {
  mayConcern: (task, look) =>
    !isEnded(task.status) ||
    (task.status === 'SUCCEEDED' && look.vms.some(({ vmId }) => vmId === task.resultId)),
  isProof: ({ resultId }, look, e) => clone.traces(look, e).some((vmId) => vmId === resultId),
  isDone: ({ resultId }) => resultId !== undefined,
  traces: (look, { baseline }) =>
    look.vms
      .map(({ vmId }) => vmId)
      .filter(
        (vmId) => !isOfOthers(vmId, look, baseline) && !baseline.vms.some((before) => before.vmId === vmId),
      ),
  duplicates: ({ resultId: our }, look, e) =>
    clone
      .traces(look, e)
      .filter((vmId) => vmId !== our)
      .map((vmId) => {
        const task = look.tasks.find(({ resultId }) => resultId === vmId);
        return task === undefined ? vmId : `${vmId} (task ${task.taskId})`;
      }),
  // No machine of that name and no open task: nothing can come any more.
  isConclusive: () => true,
};

/** A revert is known by its machine as the task's target, and by having no result, which clones and restores have. */
const revert: EffectRules = {
  mayConcern: (task, _look, { vmId }) =>
    (!isEnded(task.status) || task.status === 'SUCCEEDED') &&
    task.resultId === undefined &&
    (task.targetId === undefined || task.targetId === vmId),
  isProof: ({ resultId, targetId }, _look, { vmId }) => resultId === undefined && targetId === vmId,
  isDone: () => true,
  // The service takes one before it reverts: *a* revert began, whosever it was.
  traces: (look, { baseline }) =>
    (look.systemSnapshots ?? []).filter(
      (snapshotId) =>
        !isOfOthers(snapshotId, look, baseline) && !(baseline.systemSnapshots ?? []).includes(snapshotId),
    ),
  duplicates: ({ taskId: our }, look, e) =>
    newTasks(look, e)
      .filter((task) => task.taskId !== our && task.targetId === e.vmId && revert.mayConcern(task, look, e))
      .filter(({ user }) => mayBeOurs(user, e))
      .map(({ taskId }) => `task ${taskId}`),
  // A revert leaves nothing behind that a second look could find, so a lost record, of our task or of one that may have
  // been ours, or a silent service decides nothing.
  isConclusive: (look, { lost, baseline, ends, candidates = [] }) =>
    lost === undefined &&
    candidates.every((taskId) => ends[taskId]?.kind !== 'gone') &&
    (look.serviceSeen || baseline.serviceSeen),
};

export const EFFECT_RULES: Readonly<Record<Operation, EffectRules>> = { clone, revert };

/** All that a run knows about whether its request had its effect. */
export interface Evidence {
  readonly operation: Operation;
  /** How the effect is called in messages: the clone's name, the reverted machine's. */
  readonly called: string;
  /** Source of a clone, target of a revert. */
  readonly vmId: string;
  /** User of our own tasks. A task of another user is never ours. */
  readonly user: string;
  /** The last look before a post that may have had an effect. */
  readonly baseline: Look;
  /** True after an unknown start, and from the beginning in a run that `--again` made. */
  readonly mayHavePosted: boolean;
  /** Whether earlier runs of the request are still to be read. */
  readonly mustRecall: boolean;
  readonly unknowns: number;
  readonly maxUnknowns: number;
  /** The task that a start returned: ours by proof. */
  readonly ours?: string;
  /** This request's task, whose record is gone. */
  readonly lost?: string;
  /** Whether a quarantine has passed since the last unknown, and since the last end of a task that is or may be ours. */
  readonly quarantined: boolean;
  /** The newest look since the last quarantine, pause and awaited task. Absent when it is stale. */
  readonly look?: Look;
  /** Tasks that may be ours, frozen at the first look after the quarantine (E4). */
  readonly candidates?: readonly string[];
  readonly ends: Readonly<Record<string, TaskEnd>>;
  readonly refusal?: Extract<StartOutcome, { kind: 'refused' }>;
  /** Another request had its turn before this run took the lock, and since an earlier one may have posted (E4). */
  readonly contested?: boolean;
  /** An earlier run of the request has begun to undo: only an operator may have it done again. */
  readonly undoBegun: boolean;
  /** An earlier run of the request could not be read: what it did is not known. */
  readonly unreadRuns?: true;
  /** What an operator said that the effect is. */
  readonly resolved?: { readonly vmId?: string };
}

export type Decision =
  | { readonly kind: 'post' }
  /** Refused for now: wait, then decide again. */
  | { readonly kind: 'pause'; readonly because: Failure }
  | { readonly kind: 'recall' }
  /** `after`: what the failed task said. Absent: an unanswered call may still take effect. */
  | { readonly kind: 'quarantine'; readonly after?: string }
  | { readonly kind: 'look' }
  | { readonly kind: 'await'; readonly taskId: string }
  | Obtained
  | { readonly kind: 'needs-decision'; readonly why: string }
  | { readonly kind: 'fail'; readonly failure: Failure };

/** The effect is there. `vmId`: the new machine of a clone. */
export interface Obtained {
  readonly kind: 'done';
  readonly vmId?: string;
  readonly taskId?: string;
  readonly warnings: readonly Warning[];
}

/** What to do next about a start. Pure: the same evidence always gives the same decision. */
export function decide(e: Evidence): Decision {
  if (e.resolved !== undefined) return { kind: 'done', ...e.resolved, warnings: [] };
  if (e.ours !== undefined) return decideAboutOurs(e, e.ours);
  if (!e.mayHavePosted) return decideOnRefusal(e);
  if (e.mustRecall) return { kind: 'recall' };
  if (e.candidates === undefined && !e.quarantined) return { kind: 'quarantine' };
  if (e.look === undefined) return { kind: 'look' };
  const undecided = (e.candidates ?? []).find((taskId) => e.ends[taskId] === undefined);
  if (undecided !== undefined) return { kind: 'await', taskId: undecided };
  // Before anything is adopted: what was undone may still have a task that SUCCEEDED (E11).
  if (e.undoBegun)
    return { kind: 'needs-decision', why: 'an earlier run of this request has begun to undo its effect' };
  const [proven] = isContested(e, e.look) ? [] : provenEnds(e, e.look);
  if (proven !== undefined && e.look.claimsUnread !== undefined)
    return { kind: 'needs-decision', why: whyMaybeOfOthers(proven, e.look.claimsUnread) };
  if (proven !== undefined) return done(proven, duplicatesOf(proven, e.look, e));
  // What a task that has just ended made may not be visible yet.
  if (!e.quarantined) return { kind: 'quarantine' };
  return decideWithoutProof(e, e.look);
}

function decideOnRefusal({ refusal }: Evidence): Decision {
  if (refusal === undefined) return { kind: 'post' };
  return refusal.final
    ? { kind: 'fail', failure: refusal.failure }
    : { kind: 'pause', because: refusal.failure };
}

function decideAboutOurs(e: Evidence, taskId: string): Decision {
  const end = e.ends[taskId];
  if (end === undefined) return { kind: 'await', taskId };
  if (end.kind === 'unreadable') return { kind: 'needs-decision', why: whyUnread(taskId, end.message) };
  const isDone = end.kind === 'succeeded' && EFFECT_RULES[e.operation].isDone(end);
  if (isDone && !e.mayHavePosted) return done(end, []);
  // What a task left that did not do its work may become visible only after its end.
  if (!isDone && !e.quarantined && e.look === undefined) return { kind: 'quarantine', after: saidBy(end) };
  // E5: a run that was ever unknown looks again before it ends. An earlier post may have had its effect, too.
  if (e.look === undefined) return { kind: 'look' };
  if (isDone) return done(end, duplicatesOf(end, e.look, e));
  return { kind: 'fail', failure: failureOf(e, end, e.look) };
}

const whyMaybeOfOthers = ({ taskId }: SucceededEnd, unread: string): string =>
  `whether task ${taskId} is of another request cannot be told: ${unread}`;

const whyUnread = (taskId: string, message: string): string =>
  `what task ${taskId} is at cannot be read: ${message.replace(/\.$/, '')}`;

/** Nothing is proven ours: what else was seen forbids a post, or looking was conclusive. */
function decideWithoutProof(e: Evidence, look: Look): Decision {
  const rules = EFFECT_RULES[e.operation];
  const [unread] = unreadEnds(e);
  if (unread !== undefined) return { kind: 'needs-decision', why: whyUnread(unread.taskId, unread.message) };
  const [doubtful] = isContested(e, look) ? [] : doubtfulEnds(e, look);
  if (doubtful !== undefined) return { kind: 'needs-decision', why: whyDoubtful(doubtful, e) };
  const [trace] = rules.traces(look, e);
  if (trace !== undefined) {
    return {
      kind: 'needs-decision',
      why: `${trace} appeared, and nothing proves that it comes from this request`,
    };
  }
  if (e.unreadRuns)
    return { kind: 'needs-decision', why: 'what another run of this request did is not known' };
  if (!rules.isConclusive(look, e)) {
    return {
      kind: 'needs-decision',
      why: 'no task of this request is found, which proves nothing about a revert here',
    };
  }
  if (e.refusal !== undefined) return decideOnRefusal(e);
  if (e.unknowns >= e.maxUnknowns) {
    return { kind: 'needs-decision', why: `the outcome of ${e.unknowns} starts is unknown` };
  }
  return { kind: 'post' };
}

/** Another request had its turn since this one may have posted: what is new may be its effect (E4). */
export const isContested = (e: Pick<Evidence, 'contested'>, look: Pick<Look, 'contested'>): boolean =>
  e.contested === true || look.contested === true;

const done = ({ resultId, taskId }: SucceededEnd, warnings: readonly Warning[]): Obtained => ({
  kind: 'done',
  ...omitUndefined({ vmId: resultId }),
  taskId,
  warnings,
});

/** False only where the account is provably another one. */
export const mayBeOurs = (user: string | undefined, e: Pick<Evidence, 'user'>): boolean =>
  user === undefined || compareAccounts(user, e.user) !== 'other';

/** Candidates whose end is the effect, whoever caused it. */
const endsThatFit = (e: Evidence, look: Look): readonly SucceededEnd[] =>
  (e.candidates ?? [])
    .map((taskId) => e.ends[taskId])
    .filter((end): end is SucceededEnd => end?.kind === 'succeeded')
    .filter((end) => EFFECT_RULES[e.operation].isProof(end, look, e));

/** Those of them whose account is ours, so that they are. An absent user is no mismatch. */
const provenEnds = (e: Evidence, look: Look): readonly SucceededEnd[] =>
  endsThatFit(e, look).filter(({ user }) => user === undefined || compareAccounts(user, e.user) === 'same');

/** Those of them whose account may be ours in a spelling that nothing here explains. */
const doubtfulEnds = (e: Evidence, look: Look): readonly SucceededEnd[] =>
  endsThatFit(e, look).filter(({ user }) => mayBeOurs(user, e));

const whyDoubtful = ({ taskId, user = '' }: SucceededEnd, e: Evidence): string =>
  `task ${taskId} did what was asked, and whether its account ${oneLine(user)} is ${oneLine(e.user)} cannot be told`;

const duplicatesOf = (ours: SucceededEnd, look: Look, e: Evidence): readonly Warning[] =>
  EFFECT_RULES[e.operation].duplicates(ours, look, e).map((other) => ({
    type: 'DuplicateSuspected',
    message: `Besides task ${ours.taskId}, ${other} looks like this request's effect: look whether it was wanted.`,
  }));

/** Our task did not do it. Whatever is there all the same is named and left alone. */
function failureOf(e: Evidence, end: TaskEnd, look: Look): Failure {
  const { taskId } = end;
  const [trace] = EFFECT_RULES[e.operation].traces(look, e);
  const said = saidBy(end);
  if (trace === undefined) {
    return {
      type: 'TaskFailed',
      message: `Task ${taskId} (${e.operation} ${e.called}) ${said}.`,
      details: { taskId },
    };
  }
  return {
    type: 'CompensationIncomplete',
    message: `Task ${taskId} (${e.operation} ${e.called}) ${said}, yet ${trace} is there since: it was left alone, look at it.`,
    details: { taskId, left: trace },
  };
}

/** Tasks that are or may be ours and could not be read: each may still work. */
export const unreadEnds = ({ ours, candidates = [], ends }: Evidence) =>
  [...(ours === undefined ? [] : [ours]), ...candidates]
    .map((taskId) => ends[taskId])
    .filter((end) => end?.kind === 'unreadable');

const saidBy = (end: TaskEnd): string =>
  end.kind === 'failed' ? `failed: ${end.message.replace(/\.$/, '')}` : 'ended without naming a new machine';
