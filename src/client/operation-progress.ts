import type { Progress } from '../contract/progress';
import type { OperationOverview } from './operation-overview';
import type { OperationStatus } from './operation-status';

/** One change in how an operation stands. */
export interface OperationProgress
  extends
    Pick<OperationStatus, 'state' | 'condition' | 'phase' | 'taskId' | 'percent'>,
    Pick<Progress, 'status' | 'message'> {}

/** What to show after an overview, given what was shown before; undefined when nothing changed. */
export const nextProgress = (
  before: OperationProgress | undefined,
  { status, taskStatus, message }: OperationOverview<unknown>,
): OperationProgress | undefined => {
  // Between two activities nothing is pending: the phase is still the last one known.
  const phase = status.phase ?? before?.phase;
  const taskId = status.taskId ?? before?.taskId;
  const percent = highestPercent(before, phase, taskId, status.percent);
  const next: OperationProgress = {
    state: status.state,
    ...(status.condition === undefined ? {} : { condition: status.condition }),
    ...(phase === undefined ? {} : { phase }),
    ...(percent === undefined ? {} : { percent }),
    ...(taskId === undefined ? {} : { taskId }),
    ...(taskStatus === undefined ? {} : { status: taskStatus }),
    ...(message === undefined ? {} : { message }),
  };
  return before !== undefined && JSON.stringify(next) === JSON.stringify(before) ? undefined : next;
};

/** A wait that another worker took over starts its reports anew; what a person saw does not go back. */
const highestPercent = (
  before: OperationProgress | undefined,
  phase: Progress['phase'] | undefined,
  taskId: string | undefined,
  percent: number | undefined,
): number | undefined => {
  if (before?.percent === undefined || before.phase !== phase || before.taskId !== taskId) return percent;
  return Math.max(before.percent, percent ?? 0);
};
