import type { Look, ObservedTask, Stray, TaskEnd } from '../contract/evidence';
import type { Operation } from '../contract/operations';
import { isEnded } from '../contract/service';
import { compareAccounts } from '../contract/spelling';
import type { Known } from './phases';

/** What tells a clone's effect from a revert's. Everything else about a start is the same for both. */
export interface EffectRules {
  /** Whether a task that was not there before may be, or have been, this request's. */
  readonly mayConcern: (task: ObservedTask, look: Look, known: Known) => boolean;
  /** Whether the end of a candidate proves that it is ours, its user fitting. */
  readonly isProof: (end: SucceededEnd, look: Look, known: Known) => boolean;
  /** Whether a task that a start returned has done what was asked. */
  readonly isDone: (end: SucceededEnd) => boolean;
  /** Objects that appeared since before the first post: each forbids a post and proves nothing by itself. */
  readonly traces: (look: Look, known: Known) => readonly string[];
  /** What looks like the effect of another post of this request, besides the one that is ours. */
  readonly duplicates: (ours: SucceededEnd, look: Look, known: Known) => readonly string[];
  /** Whether a look that found nothing says that there was nothing. */
  readonly isConclusive: (look: Look, known: Known, candidates: readonly string[]) => boolean;
}

export type SucceededEnd = Extract<TaskEnd, { kind: 'succeeded' }>;

/** Tasks that were not there in the last look before the first post, and that no other request claims. */
export const newTasks = (look: Look, { baseline }: Known): readonly ObservedTask[] =>
  look.tasks.filter(
    ({ taskId }) =>
      !isClaimedByOthers(taskId, look, baseline) &&
      !baseline.tasks.some((before) => before.taskId === taskId),
  );

/** Machines of another name or place that may be this request's. */
export const newStrays = ({ strays = [], ...look }: Look, known: Known): readonly Stray[] =>
  strays.filter(
    ({ taskId, vmId }) =>
      !isClaimedByOthers(vmId, look, known.baseline) &&
      newTasks(look, known).some((task) => task.taskId === taskId),
  );

/** What the lock's last holders recorded before this request, or any other request since, is never this one's. */
const isClaimedByOthers = (id: string, { claims = [] }: Look, { ofOthers = [] }: Look): boolean =>
  ofOthers.includes(id) || claims.some((claim) => claim.id === id);

/** False only where the account is provably another one. */
export const mayBeOurs = (user: string | undefined, known: Known): boolean =>
  user === undefined || compareAccounts(user, known.user) !== 'other';

/** Whether something may come of it yet. */
export const mayWork = ({ status, hasEnded }: ObservedTask): boolean => !isEnded(status) && hasEnded !== true;

/** A clone is known by its machine: the result of its task is a new machine of the requested name. */
const clone: EffectRules = {
  mayConcern: (task, look) =>
    mayWork(task) || (task.status !== 'FAILED' && look.vms.some(({ vmId }) => vmId === task.resultId)),
  isProof: ({ resultId }, look, known) => clone.traces(look, known).some((vmId) => vmId === resultId),
  isDone: ({ resultId }) => resultId !== undefined,
  traces: (look, { baseline }) =>
    look.vms
      .map(({ vmId }) => vmId)
      .filter(
        (vmId) =>
          !isClaimedByOthers(vmId, look, baseline) && !baseline.vms.some((before) => before.vmId === vmId),
      ),
  duplicates: ({ resultId: our }, look, known) =>
    clone
      .traces(look, known)
      .filter((vmId) => vmId !== our)
      .map((vmId) => {
        const task = look.tasks.find(({ resultId }) => resultId === vmId);
        return task === undefined ? vmId : `${vmId} (task ${task.taskId})`;
      }),
  // No machine of that name and no open task: nothing can come any more.
  isConclusive: () => true,
};

/** Where the first look may have missed tasks, an earlier revert would look like this one. */
const provesRevert: EffectRules['isProof'] = (
  { resultId, oddResult, targetId },
  _look,
  { vmId, baseline: { inconclusive } },
) => resultId === undefined && oddResult === undefined && targetId === vmId && inconclusive === undefined;

/** A revert is known by its machine as the task's target, and by having no result, which clones and restores have. */
const revert: EffectRules = {
  mayConcern: (task, _look, { vmId }) =>
    task.status !== 'FAILED' &&
    task.resultId === undefined &&
    (task.targetId === undefined || task.targetId === vmId),
  isProof: provesRevert,
  isDone: () => true,
  // The service takes one before it reverts: *a* revert began, whosever it was.
  traces: (look, { baseline }) =>
    (look.systemSnapshots ?? []).filter(
      (snapshotId) =>
        !isClaimedByOthers(snapshotId, look, baseline) &&
        !(baseline.systemSnapshots ?? []).includes(snapshotId),
    ),
  duplicates: ({ taskId: our }, look, known) =>
    newTasks(look, known)
      .filter((task) => task.taskId !== our && task.targetId === known.vmId)
      .filter((task) => revert.mayConcern(task, look, known) && mayBeOurs(task.user, known))
      .map(({ taskId }) => `task ${taskId}`),
  // A revert leaves nothing behind that a second look could find, so the lost record of a task that may have been ours,
  // or a silent service, decides nothing.
  isConclusive: (look, { baseline, ends }, candidates) =>
    candidates.every((taskId) => ends[taskId]?.kind !== 'gone') &&
    (look.serviceSeen === true || baseline.serviceSeen === true),
};

export const EFFECT_RULES: Readonly<Record<Operation, EffectRules>> = { clone, revert };
