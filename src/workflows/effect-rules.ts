import type { Look, ObservedTask, TaskEnd } from '../contract/evidence';
import type { Operation } from '../contract/names';
import type { Evidence } from './decide';

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
      !isOfOthers(taskId, baseline) && !baseline.tasks.some((before) => before.taskId === taskId),
  );

const isOfOthers = (id: string, { ofOthers = [] }: Look): boolean => ofOthers.includes(id);

const isOpen = ({ status }: ObservedTask): boolean => status !== 'SUCCEEDED' && status !== 'FAILED';

/** A clone is known by its machine: the result of its task is a new machine of the requested name. */
const clone: EffectRules = {
  mayConcern: (task, look) =>
    isOpen(task) || (task.status === 'SUCCEEDED' && look.vms.some(({ vmId }) => vmId === task.resultId)),
  isProof: ({ resultId }, look, e) => clone.traces(look, e).some((vmId) => vmId === resultId),
  isDone: ({ resultId }) => resultId !== undefined,
  traces: (look, { baseline }) =>
    look.vms
      .map(({ vmId }) => vmId)
      .filter((vmId) => !isOfOthers(vmId, baseline) && !baseline.vms.some((before) => before.vmId === vmId)),
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
    (isOpen(task) || task.status === 'SUCCEEDED') &&
    task.resultId === undefined &&
    (task.targetId === undefined || task.targetId === vmId),
  isProof: ({ resultId, targetId }, _look, { vmId }) => resultId === undefined && targetId === vmId,
  isDone: () => true,
  // The service takes one before it reverts: *a* revert began, whosever it was.
  traces: ({ systemSnapshots = [] }, { baseline }) =>
    systemSnapshots.filter(
      (snapshotId) =>
        !isOfOthers(snapshotId, baseline) && !(baseline.systemSnapshots ?? []).includes(snapshotId),
    ),
  duplicates: ({ taskId: our }, look, e) =>
    newTasks(look, e)
      .filter((task) => task.taskId !== our && task.targetId === e.vmId && revert.mayConcern(task, look, e))
      .filter(({ user }) => user === undefined || user === e.user)
      .map(({ taskId }) => `task ${taskId}`),
  // A revert leaves nothing behind that a second look could find, so a lost record, of our task or of one that may have
  // been ours, or a silent service decides nothing.
  isConclusive: (look, { lost, baseline, ends, candidates = [] }) =>
    lost === undefined &&
    candidates.every((taskId) => ends[taskId]?.kind !== 'gone') &&
    (look.serviceSeen || baseline.serviceSeen),
};

export const EFFECT_RULES: Readonly<Record<Operation, EffectRules>> = { clone, revert };
