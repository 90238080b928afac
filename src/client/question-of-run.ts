import type { WorkflowExecutionDescription } from '@temporalio/client';
import { MEMO } from '../contract/names';
import type { Question } from '../contract/resolve';

/** The question in a run's memo. It stays there when it was answered, so the run's state says whether it is still open. */
export const questionOfRun = ({ memo }: Pick<WorkflowExecutionDescription, 'memo'>): Question | undefined => {
  const asked: unknown = memo?.[MEMO.question];
  if (typeof asked !== 'object' || asked === null) return undefined;
  const { runId, question, why, candidates } = asked as Partial<Question>;
  return typeof runId === 'string' && typeof question === 'number'
    ? { runId, question, why: why ?? '', candidates: candidates ?? [] }
    : undefined;
};
