import type { WorkflowExecutionDescription } from '@temporalio/client';
import { MEMO } from '../contract/names';
import { RESOLUTION_KINDS, type Question } from '../contract/resolve';

/**
 * The question in a run's memo, in which a run that is not ours may have put anything. It stays there when it was
 * answered, so the run's state says whether it is still open.
 * The run that was described asks it, whatever the memo names: one that a reset made inherits the memo of the earlier run.
 */
export const questionOfRun = ({
  memo,
  runId,
}: Pick<WorkflowExecutionDescription, 'memo' | 'runId'>): Question | undefined => {
  const asked: unknown = memo?.[MEMO.question];
  if (typeof asked !== 'object' || asked === null) return undefined;
  const { runId: asker, question, why, candidates, answers } = asked as Partial<Question>;
  return typeof asker === 'string' && typeof question === 'number'
    ? {
        runId,
        question,
        why: typeof why === 'string' ? why : '',
        candidates: textsIn(candidates),
        // One that does not say which answers it takes leaves it to the run to refuse.
        answers: RESOLUTION_KINDS.filter((kind) => !Array.isArray(answers) || answers.includes(kind)),
      }
    : undefined;
};

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
