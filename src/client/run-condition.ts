import type { WorkflowExecutionInfo } from '@temporalio/client';
import { MEMO, SEARCH_ATTRIBUTES } from '../contract/names';
import type { Condition } from '../contract/progress';

/** The exceptional condition of a run as its memo says it or, where the memo is silent, its search attribute. */
export const runCondition = ({ memo, searchAttributes }: Described): Condition | undefined => {
  const state: unknown = memo?.[MEMO.state] ?? searchAttributes[SEARCH_ATTRIBUTES.state]?.[0];
  switch (state) {
    case 'queued':
    case 'overdue':
    case 'blocked':
    case 'compensating':
    case 'needs-decision':
      return state;
    default:
      return undefined;
  }
};

type Described = Pick<WorkflowExecutionInfo, 'memo' | 'searchAttributes'>;
