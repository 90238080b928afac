import type { OperationHandle } from '../../src/client';
import { LOCK_WORKFLOW } from '../../src/contract/operations';
import { eventually } from '../environment/eventually';
import type { FaultEnvironment } from '../workflow/faults/fault-environment';
import { portableHistory } from './portable-history';

interface Run {
  readonly workflowId: string;
  readonly runId?: string;
}

/** Keeps histories by the name of what happened in them. */
export class Recorder {
  readonly histories = new Map<string, string>();
  #taken = new Set<string>();

  constructor(readonly env: FaultEnvironment) {}

  /** The run of this handle, or the one given, as it stands now: open ones are what a deployment meets. */
  async keep(name: string, { workflowId, runId }: Run): Promise<void> {
    if (this.histories.has(name)) throw new Error(`Two histories are called ${name}: rename one.`);
    const run = this.env.temporal.workflow.getHandle(workflowId, runId);
    this.histories.set(name, portableHistory(await run.fetchHistory()));
  }

  /** The lock that this run held, closed by the server behind it. */
  async keepLock(name: string, holder: OperationHandle): Promise<void> {
    const events = await this.env.events(holder.workflowId, holder.runId);
    const [lock] = events.flatMap(({ childWorkflowExecutionStartedEventAttributes: started }) =>
      started?.workflowType?.name === LOCK_WORKFLOW ? [started.workflowExecution] : [],
    );
    const run = { workflowId: lock?.workflowId ?? '', runId: lock?.runId ?? '' };
    const handle = this.env.temporal.workflow.getHandle(run.workflowId, run.runId);
    await eventually('the lock closes', async () => (await handle.describe()).status.name !== 'RUNNING');
    await this.keep(name, run);
  }

  /** The newest finished run of a type that has no handle; visibility lags behind. */
  async keepNewest(name: string, type: string): Promise<void> {
    const query = `WorkflowType = '${type}' AND TaskQueue = '${this.env.taskQueue}' AND ExecutionStatus != 'Running'`;
    const run = await eventually(`a new ${type} is listed`, async () => {
      for await (const { workflowId, runId } of this.env.temporal.workflow.list({ query }))
        if (!this.#taken.has(runId)) return { workflowId, runId };
      return undefined;
    });
    this.#taken.add(run.runId);
    await this.keep(name, run);
  }
}
