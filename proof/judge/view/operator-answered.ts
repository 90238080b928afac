import type { History } from '../evidence/temporal-records';

/** Whether a person decided in this run: what it then calls its effect is that person's word. */
export const operatorAnswered = (history: History | undefined): boolean =>
  history?.events.some(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED') ===
  true;
