import type { Execution } from './execution';

/** A run that has only just been started. */
export function newExecution(
  what: Pick<Execution, 'workflowId' | 'runId' | 'originalRunId' | 'type' | 'input' | 'startMs'> &
    Partial<Pick<Execution, 'parent' | 'memo' | 'isMadeByReset'>>,
): Execution {
  return {
    workflowId: what.workflowId,
    runId: what.runId,
    originalRunId: what.originalRunId,
    type: what.type,
    input: what.input,
    startMs: what.startMs,
    parent: what.parent,
    isMadeByReset: what.isMadeByReset ?? false,
    memo: what.memo ?? {},
    status: 'RUNNING',
    closeMs: undefined,
    resetRunId: undefined,
    result: undefined,
    failure: undefined,
    history: [],
    tasks: [],
    activities: new Map(),
    timers: new Map(),
    inbox: [],
    isTaskPlanned: false,
    isCancelRequested: false,
    host: undefined,
  };
}
