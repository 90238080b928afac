import type { VirtualTime, Owner } from '../virtual-time';
import type { Execution } from './execution';
import type { WorkflowCommand } from './jobs';
import { WorkflowHost } from './workflow-host';

interface CodeLinks {
  readonly time: VirtualTime;
  readonly owner: Owner;
  readonly workflows: Readonly<Record<string, unknown>>;
}

/** Where workflow code runs: with the clock and the chance of its run, from its history where it is not cached. */
export class WorkflowCode {
  constructor(private readonly links: CodeLinks) {}

  async replayed(execution: Execution): Promise<WorkflowHost> {
    const { workflowId, runId, originalRunId, type } = execution;
    const info = {
      workflowId,
      runId,
      firstExecutionRunId: originalRunId,
      originalExecutionRunId: originalRunId,
      workflowType: type,
      taskQueue: 'snapflow',
      namespace: 'default',
      memo: {},
    };
    const host = new WorkflowHost(info, this.links.workflows[type], Number(originalRunId.replace(/\D/g, '')));
    for (const task of execution.tasks) {
      const again = await this.asWorkflow(host, () =>
        host.activate(task.atMs, task.jobs, task.historyLength),
      );
      if (shape(again) !== shape(task.commands))
        throw new Error(`not deterministic: ${shape(task.commands)} is ${shape(again)} when it is replayed`);
    }
    return host;
  }

  async asWorkflow<T>(host: WorkflowHost, body: () => Promise<T>): Promise<T> {
    const { time } = this.links;
    const before = time.current;
    time.current = { ...this.links.owner, name: 'workflow', wallMs: host.nowMs, random: host.random };
    try {
      return await body();
    } finally {
      time.current = before;
    }
  }
}

/** What a replay must repeat: kinds and names; times and texts may differ. */
const shape = (commands: readonly WorkflowCommand[]): string =>
  commands
    .map((command) => {
      const [kind = ''] = Object.keys(command);
      return `${kind}:${command.scheduleActivity?.activityType ?? ''}${command.startChildWorkflowExecution?.workflowId ?? ''}`;
    })
    .join(',');
