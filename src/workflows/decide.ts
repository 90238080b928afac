import type { Look, ObservedVm, StartOutcome, TaskEnd } from '../contract/evidence';
import type { Failure } from '../contract/failure';
import type { Warning } from '../contract/result';

/** All that a run knows about whether its request had its effect. */
export interface Evidence {
  readonly name: string;
  /** User of our own tasks; a task of another user is never ours. */
  readonly user: string;
  /** The last look before a post that may have had an effect. */
  readonly baseline: Look;
  /** True after an unknown start, and from the beginning in a run that a reset or `--again` made. */
  readonly mayHavePosted: boolean;
  /** Whether earlier runs of the request are still to be read. */
  readonly mustRecall: boolean;
  readonly unknowns: number;
  readonly maxUnknowns: number;
  /** The task that a start returned: ours by proof. */
  readonly ours?: string;
  /** Whether a quarantine has passed since the last unknown. */
  readonly quarantined: boolean;
  /** The newest look since the last quarantine and the last awaited task; absent when it is stale. */
  readonly look?: Look;
  /** Tasks that may be ours, frozen at the first look after the quarantine (E4). */
  readonly candidates?: readonly string[];
  readonly ends: Readonly<Record<string, TaskEnd>>;
  readonly refusal?: Extract<StartOutcome, { kind: 'refused' }>;
  /** An earlier run of the request has begun to undo: only an operator may have it done again. */
  readonly undoBegun: boolean;
  /** The machine that an operator named as this request's. */
  readonly resolvedVmId?: string;
}

export type SucceededEnd = Extract<TaskEnd, { kind: 'succeeded' }> & { readonly resultId: string };

export type Decision =
  | { readonly kind: 'post' }
  /** Refused for now: wait, then decide again. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'recall' }
  | { readonly kind: 'quarantine' }
  | { readonly kind: 'look' }
  | { readonly kind: 'await'; readonly taskId: string }
  | {
      readonly kind: 'done';
      readonly vmId: string;
      readonly taskId?: string;
      readonly warnings: readonly Warning[];
    }
  | { readonly kind: 'needs-decision'; readonly why: string }
  | { readonly kind: 'fail'; readonly failure: Failure };

/** What to do next about a clone. Pure: the same evidence always gives the same decision. */
export function decide(e: Evidence): Decision {
  if (e.resolvedVmId !== undefined) return { kind: 'done', vmId: e.resolvedVmId, warnings: [] };
  if (e.ours !== undefined) return decideAboutOurs(e, e.ours);
  if (!e.mayHavePosted) return decideOnRefusal(e);
  if (e.mustRecall) return { kind: 'recall' };
  if (!e.quarantined) return { kind: 'quarantine' };
  if (e.look === undefined) return { kind: 'look' };
  const undecided = (e.candidates ?? []).find((taskId) => e.ends[taskId] === undefined);
  if (undecided !== undefined) return { kind: 'await', taskId: undecided };
  const [proven, ...more] = provenEnds(e, e.look);
  if (proven !== undefined) return made(proven, more.map(duplicateSuspected));
  return decideWithoutProof(e, e.look);
}

function decideOnRefusal({ refusal }: Evidence): Decision {
  if (refusal === undefined) return { kind: 'post' };
  return refusal.final ? { kind: 'fail', failure: refusal.failure } : { kind: 'pause' };
}

function decideAboutOurs(e: Evidence, taskId: string): Decision {
  const end = e.ends[taskId];
  if (end === undefined) return { kind: 'await', taskId };
  if (isSucceededWithResult(end)) return made(end, []);
  if (e.look === undefined) return { kind: 'look' };
  const [left] = newVms(e, e.look);
  return { kind: 'fail', failure: left === undefined ? taskFailed(end) : leftBehind(end, left, e.name) };
}

/** Nothing is proven ours: what else was seen forbids a post, or looking was conclusive. */
function decideWithoutProof(e: Evidence, look: Look): Decision {
  const [vm] = newVms(e, look);
  if (vm !== undefined) {
    return {
      kind: 'needs-decision',
      why: `a machine named ${e.name} (${vm.vmId}) appeared without proof that it is ours`,
    };
  }
  if (e.undoBegun)
    return { kind: 'needs-decision', why: 'an earlier run of this request has already undone its effect' };
  if (e.refusal !== undefined) return decideOnRefusal(e);
  if (e.unknowns >= e.maxUnknowns) {
    return { kind: 'needs-decision', why: `the outcome of ${e.unknowns} starts is unknown` };
  }
  return { kind: 'post' };
}

const made = ({ resultId, taskId }: SucceededEnd, warnings: readonly Warning[]): Decision => ({
  kind: 'done',
  vmId: resultId,
  taskId,
  warnings,
});

const isSucceededWithResult = (end: TaskEnd | undefined): end is SucceededEnd =>
  end?.kind === 'succeeded' && end.resultId !== undefined;

/** Machines of the requested name that were not there before the first post. */
const newVms = (e: Evidence, look: Look): readonly ObservedVm[] =>
  look.vms.filter(({ vmId }) => !e.baseline.vms.some((before) => before.vmId === vmId));

/** Candidates whose user fits and whose result is a new machine of the requested name. */
const provenEnds = (e: Evidence, look: Look): readonly SucceededEnd[] =>
  (e.candidates ?? [])
    .map((taskId) => e.ends[taskId])
    .filter(isSucceededWithResult)
    .filter(({ user }) => user === undefined || user === e.user)
    .filter(({ resultId }) => newVms(e, look).some(({ vmId }) => vmId === resultId));

const duplicateSuspected = ({ taskId, resultId }: SucceededEnd): Warning => ({
  type: 'DuplicateSuspected',
  message: `Task ${taskId} also made a machine of the requested name, ${resultId}: look whether it is wanted.`,
});

const taskFailed = (end: TaskEnd): Failure => ({
  type: 'TaskFailed',
  message:
    end.kind === 'failed'
      ? `Task ${end.taskId} failed: ${end.message}`
      : `Task ${end.taskId} ended without naming a new machine, and none of that name exists.`,
  details: { taskId: end.taskId },
});

const leftBehind = (end: TaskEnd, vm: ObservedVm, name: string): Failure => ({
  type: 'CompensationIncomplete',
  message: `Task ${end.taskId} made no clone by its own account, yet a machine named ${name} (${vm.vmId}) is there now: it was left alone, look at it.`,
  details: { taskId: end.taskId, vmId: vm.vmId },
});
