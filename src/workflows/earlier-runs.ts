import { workflowInfo } from '@temporalio/workflow';
import type { PreparedLinkedClone, Recollection } from '../contract/activities';
import type { TaskEnd } from '../contract/evidence';
import type { LinkedCloneInput } from '../contract/request';
import { reading } from './activity-calls';
import type { Evidence } from './decide';

/** Identity is the request, never the run (E11): a run that a reset or `--again` made may have posted before. */
export function isRepeatedRun({ again }: LinkedCloneInput): boolean {
  const { runId, originalExecutionRunId } = workflowInfo();
  return runId !== originalExecutionRunId || again !== undefined;
}

export const recall = ({ again }: LinkedCloneInput): Promise<Recollection> =>
  reading('read what earlier runs of this request recorded').recallEarlierRuns(
    again === undefined ? {} : { afterRunId: again.afterRunId },
  );

/** What is known before the first post of this run. */
export function firstEvidence(prepared: PreparedLinkedClone, earlier: Recollection | undefined): Evidence {
  const ends = Object.fromEntries((earlier?.ends ?? []).map((end) => [end.taskId, end]));
  const ours = earlier?.undoBegun === true ? undefined : lastThatDidNotFail(earlier?.taskIds ?? [], ends);
  return {
    name: prepared.name,
    user: prepared.user,
    baseline: earlier?.baseline ?? prepared.baseline,
    mayHavePosted: earlier !== undefined,
    unknowns: 0,
    maxUnknowns: prepared.settings.maxUnknowns,
    ...(ours === undefined ? {} : { ours }),
    quarantined: false,
    ends,
    undoBegun: earlier?.undoBegun ?? false,
  };
}

const lastThatDidNotFail = (
  taskIds: readonly string[],
  ends: Readonly<Record<string, TaskEnd>>,
): string | undefined => taskIds.findLast((taskId) => !['failed', 'gone'].includes(ends[taskId]?.kind ?? ''));
