import { defaultPayloadConverter } from '@temporalio/common';
import type { Chance } from '../chance';
import type { Owner, VirtualTime } from '../virtual-time';
import { ActivityTasks, type Attempt } from './activity-tasks';
import { decoded } from './decoded';
import type { Execution } from './execution';
import { failedOf } from './failures';
import { historyLength } from './history-length';
import { msOf, type TaskOwnerJob, type WorkflowCommand } from './jobs';
import { newExecution } from './new-execution';
import { WorkflowCode } from './workflow-code';

export interface ServerOptions {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly workflows: Readonly<Record<string, unknown>>;
  /** Gives an attempt to a worker; false when none takes it now. */
  readonly dispatch: (attempt: Attempt) => boolean;
  readonly onEvent: (point: string, execution: Execution) => void;
  /** Forget the code after every workflow task, so that each one replays the whole history. */
  readonly isUncached: boolean;
}

/** A Temporal server as far as the product leans on it: ids are unique among running runs, nothing persisted is lost. */
export class TemporalServer {
  readonly owner: Owner = { name: 'temporal', alive: true, resumesAtMs: 0 };
  readonly executions: Execution[] = [];
  readonly activities: ActivityTasks;
  private readonly code: WorkflowCode;
  private runs = 0;

  constructor(private readonly options: ServerOptions) {
    const { owner } = this;
    this.activities = new ActivityTasks({
      ...options,
      owner,
      tell: (execution, job) => this.tell(execution, job),
    });
    this.code = new WorkflowCode({ ...options, owner });
  }

  /** As the server's are in form; the number is at the end. */
  private newRunId(): string {
    return `00000000-0000-4000-8000-${String(++this.runs).padStart(12, '0')}`;
  }

  /** The newest run of an id, or that very run. */
  find(workflowId: string, runId?: string): Execution | undefined {
    return this.executions.findLast(
      (each) => each.workflowId === workflowId && (runId === undefined || each.runId === runId),
    );
  }

  running(workflowId: string): Execution | undefined {
    return this.executions.find((each) => each.workflowId === workflowId && each.status === 'RUNNING');
  }

  /** Undefined when a run of that id is open. */
  start(
    what: Pick<Execution, 'workflowId' | 'type' | 'input'> & {
      readonly memo?: Record<string, unknown>;
      readonly parent?: Execution['parent'];
    },
  ): Execution | undefined {
    if (this.running(what.workflowId) !== undefined) return undefined;
    const runId = this.newRunId();
    const execution = newExecution({
      ...what,
      runId,
      originalRunId: runId,
      startMs: this.options.time.nowMs,
    });
    this.executions.push(execution);
    this.options.time.note(`${what.workflowId} starts as ${runId}`);
    // A lock does nothing, whatever it is told.
    if (this.options.workflows[what.type] !== undefined) this.tell(execution, initialize(execution));
    return execution;
  }

  cancel(execution: Execution): void {
    if (execution.status !== 'RUNNING' || execution.isCancelRequested) return;
    execution.isCancelRequested = true;
    this.tell(execution, { variant: 'cancelWorkflow', cancelWorkflow: {} });
  }

  /** Whether it is taken is for the code to say. */
  update(execution: Execution, name: string, input: unknown): void {
    const id = `update-${execution.tasks.length}`;
    const payloads = [defaultPayloadConverter.toPayload(input)];
    const doUpdate = { id, protocolInstanceId: id, name, input: payloads, headers: {}, runValidator: true };
    this.tell(execution, { variant: 'doUpdate', doUpdate });
  }

  terminate(execution: Execution): void {
    if (execution.status === 'RUNNING') this.close(execution, 'TERMINATED');
  }

  /** Before the workflow task of that index; the next one is told the same, and decides anew. */
  reset(base: Execution, to: number): Execution {
    const { time } = this.options;
    const runId = this.newRunId();
    const kept = base.tasks.slice(0, to);
    const made = newExecution({
      ...base,
      runId,
      startMs: time.nowMs,
      isMadeByReset: true,
      memo: { ...base.memo },
    });
    made.history.push(
      ...base.history.filter((entry) => (entry.kind === 'scheduled' ? entry.in < to : entry.in <= to)),
      { kind: 'reset', in: to, baseRunId: base.runId },
    );
    if (base.status === 'RUNNING') this.close(base, 'TERMINATED', true);
    base.resetRunId = runId;
    this.executions.push(made);
    time.note(`${base.workflowId} is reset to ${to} as ${runId}`);
    made.tasks.push(...kept);
    this.rebuild(made, base, kept);
    this.tell(made, ...(base.tasks[to]?.jobs ?? []).filter(({ variant }) => variant !== 'cancelWorkflow'));
    return made;
  }

  /** What a history says is still open: it is given out again at once. */
  private rebuild(made: Execution, base: Execution, kept: Execution['tasks']): void {
    const told = [...kept, ...base.tasks.slice(kept.length, kept.length + 1)].flatMap(({ jobs }) => jobs);
    const isResolved = (variant: TaskOwnerJob['variant'], seq: number) =>
      told.some(
        (job) =>
          job.variant === variant && (job as never as Record<string, { seq: number }>)[variant]?.seq === seq,
      );
    const commands = kept.flatMap((task) => task.commands.map((command) => ({ command, atMs: task.atMs })));
    const cancelled = new Set(commands.flatMap(({ command }) => command.cancelTimer?.seq ?? []));
    for (const { command, atMs } of commands) {
      const { scheduleActivity, startTimer, startChildWorkflowExecution: child } = command;
      if (scheduleActivity !== undefined && !isResolved('resolveActivity', scheduleActivity.seq))
        this.activities.schedule(made, scheduleActivity, atMs);
      if (
        startTimer !== undefined &&
        !cancelled.has(startTimer.seq) &&
        !isResolved('fireTimer', startTimer.seq)
      )
        this.armTimer(made, startTimer, atMs);
      if (child !== undefined && !isResolved('resolveChildWorkflowExecutionStart', child.seq))
        this.startChild(made, child);
    }
  }

  private tell(execution: Execution, ...jobs: readonly TaskOwnerJob[]): void {
    execution.inbox.push(...jobs);
    if (execution.isTaskPlanned || execution.status !== 'RUNNING') return;
    execution.isTaskPlanned = true;
    const { time, chance } = this.options;
    time.after(
      chance.latencyMs(),
      `workflow task of ${execution.runId}`,
      () => this.runTask(execution),
      this.owner,
    );
  }

  /** The code's clock and chance are the run's own while it runs. */
  private async runTask(execution: Execution): Promise<void> {
    execution.isTaskPlanned = false;
    if (execution.status !== 'RUNNING') return;
    const { time } = this.options;
    const host = execution.host ?? (await this.code.replayed(execution));
    const length = historyLength(execution);
    const jobs = execution.inbox.toSorted((left, right) => rankOf(left) - rankOf(right));
    execution.inbox = [];
    const commands = await this.code.asWorkflow(host, () => host.activate(time.nowMs, jobs, length));
    const task = { atMs: time.nowMs, jobs, commands, historyLength: length };
    execution.tasks.push(task);
    execution.host = this.options.isUncached ? undefined : host;
    this.options.onEvent('workflow task', execution);
    if (execution.status !== 'RUNNING') return;
    for (const command of commands) this.obey(execution, command);
  }
  private obey(execution: Execution, command: WorkflowCommand): void {
    const { time } = this.options;
    if (command.scheduleActivity) this.activities.schedule(execution, command.scheduleActivity, time.nowMs);
    if (command.requestCancelActivity) this.activities.cancel(execution, command.requestCancelActivity.seq);
    if (command.startTimer) this.armTimer(execution, command.startTimer, time.nowMs);
    if (command.cancelTimer) this.disarm(execution, command.cancelTimer.seq);
    if (command.startChildWorkflowExecution) this.startChild(execution, command.startChildWorkflowExecution);
    const { fields = {} } = command.modifyWorkflowProperties?.upsertedMemo ?? {};
    for (const [key, value] of Object.entries(fields)) execution.memo[key] = decoded(value);
    if (command.completeWorkflowExecution) {
      execution.result = decoded(command.completeWorkflowExecution.result);
      this.close(execution, 'COMPLETED');
    }
    if (command.failWorkflowExecution) {
      execution.failure = failedOf(command.failWorkflowExecution.failure);
      this.close(execution, 'FAILED');
    }
    if (command.cancelWorkflowExecution) this.close(execution, 'CANCELED');
  }

  /** The lock goes with its holder; not with one that a reset made, and not by a reset (seen on 1.29.1). */
  private close(execution: Execution, status: Execution['status'], byReset = false): void {
    const { time } = this.options;
    time.note(
      `${execution.workflowId} ${execution.runId} is ${status} ${JSON.stringify(execution.failure ?? execution.result ?? '')}`,
    );
    execution.status = status;
    execution.closeMs = time.nowMs;
    execution.host = undefined;
    for (const disarm of execution.timers.values()) disarm();
    for (const { running } of execution.activities.values()) running?.cancel();
    this.options.onEvent('closed', execution);
    if (byReset || execution.isMadeByReset) return;
    for (const child of this.executions)
      if (child.parent?.runId === execution.runId && child.status === 'RUNNING')
        this.close(child, 'TERMINATED');
  }

  private armTimer(
    execution: Execution,
    { seq, startToFireTimeout }: NonNullable<WorkflowCommand['startTimer']>,
    fromMs: number,
  ): void {
    const { time } = this.options;
    const delayMs = fromMs + (msOf(startToFireTimeout) ?? 0) - time.nowMs;
    const fire = () => {
      execution.timers.delete(seq);
      this.tell(execution, { variant: 'fireTimer', fireTimer: { seq } });
    };
    execution.timers.set(
      seq,
      time.after(delayMs, `timer ${seq} of ${execution.runId}`, fire, this.owner).cancel,
    );
  }

  private disarm(execution: Execution, seq: number): void {
    execution.timers.get(seq)?.();
    execution.timers.delete(seq);
  }

  private startChild(
    execution: Execution,
    child: NonNullable<WorkflowCommand['startChildWorkflowExecution']>,
  ): void {
    const { seq, workflowId, workflowType } = child;
    const memo = Object.fromEntries(
      Object.entries(child.memo ?? {}).map(([key, value]) => [key, decoded(value)]),
    );
    const parent = { workflowId: execution.workflowId, runId: execution.runId };
    const started = this.start({ workflowId, type: workflowType, input: undefined, memo, parent });
    this.tell(execution, {
      variant: 'resolveChildWorkflowExecutionStart',
      resolveChildWorkflowExecutionStart:
        started === undefined
          ? { seq, failed: { workflowId, workflowType, cause: 1 } }
          : { seq, succeeded: { runId: started.runId } },
    });
  }
}

const initialize = ({ input }: Execution): TaskOwnerJob => ({
  variant: 'initializeWorkflow',
  initializeWorkflow: { arguments: [defaultPayloadConverter.toPayload(input)], headers: {} },
});

/** As the core sorts them: the start first, then updates and a cancel, then what was waited for. */
const rankOf = ({ variant }: TaskOwnerJob): number =>
  variant === 'initializeWorkflow' ? 0 : variant === 'doUpdate' || variant === 'cancelWorkflow' ? 1 : 2;
