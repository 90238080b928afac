import type { Look, TaskEnd } from '../contract/evidence';
import type { Failure } from '../contract/failures';
import { omitUndefined } from '../contract/omit-undefined';
import type { Warning } from '../contract/operations';
import { compareAccounts } from '../contract/spelling';
import { singleLine } from '../contract/text';
import { EFFECT_RULES, mayBeOurs, newStrays, newTasks, type SucceededEnd } from './effect-rules';
import type {
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

/** What to do next. A step names the phase that it is taken in, from which its outcome leads to the next one. */
export type Decision =
  | { readonly kind: 'post'; readonly phase: Unposted | Looking }
  /** Refused for now: wait, then decide again. `atLeastMs`: what the server asked for. */
  | {
      readonly kind: 'pause';
      readonly because: Failure;
      readonly atLeastMs?: number;
      readonly phase: Unposted | Looking;
    }
  | { readonly kind: 'recall' }
  /**
   * `after`: what the failed task said. Absent: an unanswered call may still take effect. `late`: the kernel of a
   * dead worker may still deliver one.
   */
  | {
      readonly kind: 'quarantine';
      readonly after?: string;
      readonly late?: true;
      readonly phase: Unknown | Looking | Ended | Lost;
    }
  | { readonly kind: 'look'; readonly phase: Stale | Unknown | Looking | Ended | Lost }
  | { readonly kind: 'await'; readonly taskId: string; readonly phase: Looking | Ours }
  | Obtained
  | { readonly kind: 'needs-decision'; readonly why: string; readonly phase: Asking }
  | { readonly kind: 'fail'; readonly failure: Failure };

/** The phases in which an operator may be asked. */
export type Asking = Looking | Ended | Lost;

/** The effect is there. `vmId`: the new machine of a clone. */
export interface Obtained {
  readonly kind: 'done';
  readonly vmId?: string;
  readonly taskId?: string;
  readonly warnings: readonly Warning[];
}

/** What to do next about a start. Pure: the same evidence always gives the same decision. */
export function decide({ known, phase }: Evidence): Decision {
  switch (phase.kind) {
    case 'unposted':
      return phase.refusal === undefined ? { kind: 'post', phase } : onRefusal(phase, phase.refusal);
    case 'stale':
      return { kind: 'look', phase };
    case 'unread':
      return { kind: 'recall' };
    case 'unknown':
      return phase.hasWaited ? { kind: 'look', phase } : { kind: 'quarantine', phase };
    case 'looking':
      return phase.look === undefined ? { kind: 'look', phase } : decideLooking(known, phase, phase.look);
    case 'ours':
      return { kind: 'await', taskId: phase.taskId, phase };
    case 'ended':
      return decideEnded(known, phase);
    case 'lost':
      return decideLost(known, phase);
    case 'resolved':
      return { kind: 'done', ...omitUndefined({ vmId: phase.vmId }), warnings: [] };
  }
}

const onRefusal = (phase: Unposted | Looking, { final, failure, retryAfterMs }: Refusal): Decision =>
  final
    ? { kind: 'fail', failure }
    : { kind: 'pause', because: failure, ...omitUndefined({ atLeastMs: retryAfterMs }), phase };

function decideLooking(known: Known, phase: Looking, look: Look): Decision {
  const taskId = phase.candidates.find((candidate) => known.ends[candidate] === undefined);
  if (taskId !== undefined) return { kind: 'await', taskId, phase };
  const ask = (why: string): Decision => ({ kind: 'needs-decision', why, phase });
  if (known.earlier?.undoBegun === true)
    return ask('an earlier run of this request has begun to undo its effect');
  const [proven] = provenEnds(known, phase, look);
  if (proven !== undefined) {
    const doubt = whyNotAdopted(proven, phase, look);
    return doubt === undefined ? done(proven, duplicatesOf(proven, look, known)) : ask(doubt);
  }
  // What a task that has just ended made may not be visible yet, and a late call may not have arrived.
  if (!phase.hasWaited) return { kind: 'quarantine', ...omitUndefined({ late: phase.mayBeLate }), phase };
  const own = machineOfOwnName(known, look);
  if (own !== undefined && unreadEnds({ known, phase }).length === 0) return own;
  const why = whyNotPosted(known, phase, look);
  const taken = nameTakenByOther(known, phase, look);
  if (taken !== undefined) return { kind: 'fail', failure: taken };
  if (why !== undefined) return ask(why);
  if (phase.refusal !== undefined) return onRefusal(phase, phase.refusal);
  return known.unknowns < known.maxUnknowns
    ? { kind: 'post', phase }
    : ask(`the outcome of ${known.unknowns} starts is unknown`);
}

function decideEnded(known: Known, phase: Ended): Decision {
  const { end, look, wasUnknown, hasWaited } = phase;
  if (end.kind === 'unreadable')
    return { kind: 'needs-decision', why: whyUnread(end.taskId, end.message), phase };
  if (end.kind === 'succeeded' && EFFECT_RULES[known.operation].isDone(end)) {
    // E5: a run that was ever unknown looks again before it ends. An earlier post may have had its effect, too.
    if (look === undefined) return wasUnknown ? { kind: 'look', phase } : done(end, []);
    return done(end, duplicatesOf(end, look, known));
  }
  if (look !== undefined) {
    // A call that was repeated on its way has another task. Only what that one made is an effect.
    const own = machineOfOwnName(known, look);
    return own?.taskId === undefined ? { kind: 'fail', failure: failureOf(known, end, look) } : own;
  }
  // What a task left that did not do its work may become visible only after its end.
  return hasWaited ? { kind: 'look', phase } : { kind: 'quarantine', after: saidBy(end), phase };
}

/** A start that was accepted is never posted again without an operator: what it made may have another name by now. */
function decideLost(known: Known, phase: Lost): Decision {
  if (!phase.hasWaited) return { kind: 'quarantine', phase };
  if (phase.look === undefined) return { kind: 'look', phase };
  const own = machineOfOwnName(known, phase.look);
  if (own !== undefined) return own;
  const why = `task ${phase.taskId} of this request was accepted, and its record is gone`;
  return { kind: 'needs-decision', why, phase };
}

/** What has our name and a task of our account need not be this request's. */
function whyNotAdopted(
  { taskId, resultId = '' }: SucceededEnd,
  { refusal }: Looking,
  { claimsUnread }: Look,
): string | undefined {
  if (claimsUnread !== undefined)
    return `whether task ${taskId} is of another request cannot be told: ${claimsUnread}`;
  return refusal?.mayBeOwn === true
    ? `${resultId} of task ${taskId} has the name, and the service said that the name exists already: another program with this account may have made it`
    : undefined;
}

/**
 * The service said that the name exists, and nothing else is unknown. A front end that repeats a call may hand on the
 * answer to its second copy. So the name is another's only where no task that may be ours has made the machine. A task
 * that failed before the check says nothing: a clone's baseline does not list those that had ended.
 */
function nameTakenByOther(known: Known, { refusal, candidates }: Looking, look: Look): Failure | undefined {
  const isAlone = known.unknowns === 0 && known.earlier === undefined && !maybeOthers(known, look);
  if (refusal?.mayBeOwn !== true || !isAlone) return undefined;
  const [vm] = look.vms;
  if (vm === undefined) return refusal.failure;
  const mayBeOwn =
    candidates.some((taskId) => known.ends[taskId]?.kind !== 'succeeded') ||
    newTasks(look, known).some(({ user, resultId }) => mayBeOurs(user, known) && resultId === vm.vmId);
  if (mayBeOwn) return undefined;
  return {
    type: 'NameTaken',
    message: `name "${singleLine(known.called)}" is taken by ${vm.vmId}: choose another name.`,
    details: { field: 'name', value: known.called, vmId: vm.vmId },
  };
}

const whyUnread = (taskId: string, message: string): string =>
  `what task ${taskId} is at cannot be read: ${message.replace(/\.$/, '')}`;

/** Nothing is proven ours: what else was seen, or was not to be seen, forbids a post. */
function whyNotPosted(known: Known, phase: Looking, look: Look): string | undefined {
  const rules = EFFECT_RULES[known.operation];
  const [unread] = unreadEnds({ known, phase });
  if (unread !== undefined) return whyUnread(unread.taskId, unread.message);
  const overdue = phase.candidates.find((taskId) => known.ends[taskId]?.kind === 'overdue');
  if (overdue !== undefined) return `task ${overdue} may be of this request, and it has not ended in time`;
  const [doubtful] = endsThatFit(known, phase, look).filter(({ user }) => mayBeOurs(user, known));
  if (doubtful !== undefined) return whyDoubtful(doubtful, known);
  const [trace] = rules.traces(look, known);
  if (trace !== undefined)
    return known.hasOwnName === true
      ? `${trace} has the name of this request, and a task that failed may have left it`
      : `${trace} appeared, and nothing proves that it comes from this request`;
  if (known.earlier?.isIncomplete === true) return 'what another run of this request did is not known';
  const [stray] = newStrays(look, known);
  if (stray !== undefined)
    return `${stray.vmId}, which task ${stray.taskId} made since, has another name or place, and no request recorded it`;
  const notWhole = whyNotWhole(look, known.baseline);
  if (notWhole !== undefined) return notWhole;
  return rules.isConclusive(look, known, phase.candidates)
    ? undefined
    : 'no task of this request is found, which proves nothing about a revert here';
}

/** Nothing follows from what is absent: not from what this look left out, nor from what the first one did. */
const whyNotWhole = (look: Look, baseline: Look): string | undefined =>
  look.inconclusive ?? baseline.inconclusive;

/** Another request had its turn since this one may have posted: what is new may be its effect (E4). */
export const maybeOthers = (known: Known, look: Look | undefined): boolean =>
  known.earlier?.maybeOthers === true || look?.contested === true;

const done = ({ resultId, taskId }: SucceededEnd, warnings: readonly Warning[]): Obtained => ({
  kind: 'done',
  ...omitUndefined({ vmId: resultId }),
  taskId,
  warnings,
});

/**
 * Candidates whose end is the effect, whoever caused it. What an earlier run has begun to undo may still have a task that
 * SUCCEEDED (E11).
 */
const endsThatFit = (known: Known, { candidates }: Looking, look: Look): readonly SucceededEnd[] =>
  known.earlier?.undoBegun === true || maybeOthers(known, look)
    ? []
    : candidates
        .map((taskId) => known.ends[taskId])
        .filter((end): end is SucceededEnd => end?.kind === 'succeeded')
        .filter((end) => EFFECT_RULES[known.operation].isProof(end, look, known));

/** Those of them whose account is ours, so that they are. A task without an account is the system's, or anybody's. */
const provenEnds = (known: Known, phase: Looking, look: Look): readonly SucceededEnd[] =>
  endsThatFit(known, phase, look).filter(
    ({ user }) => user !== undefined && compareAccounts(user, known.user) === 'same',
  );

/**
 * What has an own name is this request's effect: no other request has the name, and a run whose first check found it
 * taken has ended. Its task's record, the task's account and the histories of earlier runs are not needed. Only what a
 * failed task may have left is no effect.
 */
function machineOfOwnName(known: Known, look: Look): Obtained | undefined {
  if (known.hasOwnName !== true) return undefined;
  const made = EFFECT_RULES.clone
    .traces(look, known)
    .map((vmId) => ({ vmId, taskId: makerOf(vmId, known, look) }));
  const whole = made.find(({ taskId }) => taskId !== undefined) ?? made[0];
  if (whole === undefined || (whole.taskId === undefined && mayBeLeftover(known, look))) return undefined;
  const { vmId, taskId } = whole;
  const others = made.filter((each) => each.vmId !== vmId).map((each) => each.vmId);
  return {
    kind: 'done',
    vmId,
    ...omitUndefined({ taskId }),
    warnings: others.map((other) => duplicate(vmId, other)),
  };
}

const makerOf = (vmId: string, known: Known, look: Look): string | undefined =>
  newTasks(look, known).find(({ status, resultId }) => status === 'SUCCEEDED' && resultId === vmId)?.taskId;

/** Whether a new task that may be ours has failed. */
const mayBeLeftover = (known: Known, look: Look): boolean =>
  Object.values(known.ends).some(({ kind }) => kind === 'failed') ||
  newTasks(look, known).some(
    ({ status, targetId, user }) =>
      status === 'FAILED' && mayBeOurs(user, known) && (targetId === undefined || targetId === known.vmId),
  );

function whyDoubtful({ taskId, user }: SucceededEnd, known: Known): string {
  const whose =
    user === undefined
      ? 'it names no account'
      : `whether its account ${singleLine(user)} is ${singleLine(known.user)} cannot be told`;
  return `task ${taskId} did what was asked, and ${whose}`;
}

const duplicatesOf = (ours: SucceededEnd, look: Look, known: Known): readonly Warning[] =>
  [
    ...EFFECT_RULES[known.operation].duplicates(ours, look, known),
    ...newStrays(look, known)
      .filter(({ vmId }) => vmId !== ours.resultId)
      .map(({ taskId, vmId }) => `${vmId} (task ${taskId})`),
  ].map((other) => duplicate(`task ${ours.taskId}`, other));

const duplicate = (ours: string, other: string): Warning => ({
  type: 'DuplicateSuspected',
  message: `Besides ${ours}, ${other} looks like this request's effect: look whether it was wanted.`,
});

/** Our task did not do it. Whatever is there all the same is named and left alone. */
function failureOf(known: Known, end: TaskEnd, look: Look): Failure {
  const { taskId } = end;
  const [trace] = EFFECT_RULES[known.operation].traces(look, known);
  const said = `Task ${taskId} (${known.operation} ${known.called}) ${saidBy(end)}`;
  return trace === undefined
    ? { type: 'TaskFailed', message: `${said}.`, details: { taskId } }
    : {
        type: 'CompensationIncomplete',
        message: `${said}, yet ${trace} is there since: it was left alone, look at it.`,
        details: { taskId, left: trace },
      };
}

/** Tasks that are or may be ours and could not be read: each may still work. */
export function unreadEnds({ known, phase }: Evidence<Asking>) {
  const ends = phase.kind === 'looking' ? phase.candidates.map((taskId) => known.ends[taskId]) : endOf(phase);
  return ends.filter((end) => end?.kind === 'unreadable');
}

const endOf = (phase: Ended | Lost): readonly TaskEnd[] => (phase.kind === 'ended' ? [phase.end] : []);

const saidBy = (end: TaskEnd): string =>
  end.kind === 'failed' ? `failed: ${end.message.replace(/\.$/, '')}` : 'ended without naming a new machine';
