import { defaultPayloadConverter } from '@temporalio/common';
import type { Chance } from '../chance';
import type { Owner, Timer, VirtualTime } from '../virtual-time';
import { decoded } from './decoded';
import type { Execution, PendingActivity, RetryPolicy } from './execution';
import { activityFailure, NEVER_BEGAN, TIMED_OUT, type AttemptFailure } from './failures';
import { msOf, type TaskOwnerJob, type WorkflowCommand } from './jobs';

export interface Attempt {
  readonly execution: Execution;
  readonly activity: PendingActivity;
  readonly attempt: number;
  readonly attemptScheduledMs: number;
}

export type AttemptAnswer =
  | { readonly kind: 'completed'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly failure: AttemptFailure };

interface ActivityLinks {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly owner: Owner;
  /** Gives an attempt to a worker; false when none takes it now. */
  readonly dispatch: (attempt: Attempt) => boolean;
  readonly onEvent: (point: string, execution: Execution) => void;
  readonly tell: (execution: Execution, job: TaskOwnerJob) => void;
}

/** Of `ActivityCancellationType`. */
const WAIT_CANCELLATION_COMPLETED = 1;

/** A worker polls again soon when nobody took a task. */
const POLL_AGAIN_MS = 200;

/** The activities of all runs: given out, timed out, retried, answered. */
export class ActivityTasks {
  constructor(private readonly links: ActivityLinks) {}

  schedule(
    execution: Execution,
    command: NonNullable<WorkflowCommand['scheduleActivity']>,
    atMs: number,
  ): void {
    const { seq, activityType: type } = command;
    const input = decoded(command.arguments[0]);
    const isNew = !execution.history.some((entry) => entry.kind === 'scheduled' && entry.seq === seq);
    if (isNew)
      execution.history.push({ kind: 'scheduled', in: execution.tasks.length - 1, seq, atMs, type, input });
    const activity: PendingActivity = {
      seq,
      type,
      input,
      waitsForEnd: command.cancellationType === WAIT_CANCELLATION_COMPLETED,
      scheduledMs: atMs,
      startToCloseMs: msOf(command.startToCloseTimeout) ?? 60_000,
      heartbeatMs: msOf(command.heartbeatTimeout),
      scheduleToStartMs: msOf(command.scheduleToStartTimeout),
      retry: retryOf(command),
      attempt: 1,
      attemptScheduledMs: atMs,
      running: undefined,
      isCancelRequested: false,
      lastFailure: undefined,
    };
    execution.activities.set(seq, activity);
    this.links.onEvent(`${type} scheduled`, execution);
    this.giveOut(execution, activity, this.links.chance.latencyMs());
  }

  private giveOut(execution: Execution, activity: PendingActivity, delayMs: number): void {
    const { time, dispatch } = this.links;
    const { attempt } = activity;
    const give = () => {
      if (execution.status !== 'RUNNING' || execution.activities.get(activity.seq) !== activity) return;
      if (activity.attempt !== attempt || activity.running !== undefined) return;
      activity.running = this.watched(execution, activity);
      if (dispatch({ execution, activity, attempt, attemptScheduledMs: activity.attemptScheduledMs })) return;
      activity.running.cancel();
      activity.running = undefined;
      if (time.nowMs - activity.attemptScheduledMs >= (activity.scheduleToStartMs ?? Infinity))
        return this.failed(execution, activity, NEVER_BEGAN);
      this.giveOut(execution, activity, POLL_AGAIN_MS);
    };
    time.after(delayMs, '', give, this.links.owner);
  }

  /** Start-to-close and heartbeat time-outs of an attempt: how the server notices that a worker is gone. */
  private watched(execution: Execution, activity: PendingActivity): NonNullable<PendingActivity['running']> {
    const { time } = this.links;
    const { attempt, startToCloseMs, heartbeatMs } = activity;
    let timer: Timer;
    const running = { startedMs: time.nowMs, heartbeatAtMs: time.nowMs, cancel: () => timer.cancel() };
    const dueMs = () =>
      Math.min(running.startedMs + startToCloseMs, running.heartbeatAtMs + (heartbeatMs ?? Infinity));
    const look = () => {
      if (time.nowMs < dueMs()) return arm();
      time.note(`${activity.type} ${attempt} of ${execution.runId} timed out`);
      this.answer(
        { execution, activity, attempt, attemptScheduledMs: 0 },
        { kind: 'failed', failure: TIMED_OUT },
      );
    };
    const arm = () => {
      timer = time.after(dueMs() - time.nowMs, '', look, this.links.owner);
    };
    arm();
    return running;
  }

  /** False when the server has given the attempt up; true and `isCancelRequested` when it is to stop. */
  heartbeat({ execution, activity, attempt }: Attempt): 'unknown' | 'cancel' | 'go on' {
    if (!this.isCurrent(execution, activity, attempt) || activity.running === undefined) return 'unknown';
    activity.running.heartbeatAtMs = this.links.time.nowMs;
    return activity.isCancelRequested ? 'cancel' : 'go on';
  }

  /** An attempt's end, as a worker or the server's clock says it; one that was given up is not heard. */
  answer({ execution, activity, attempt }: Attempt, answer: AttemptAnswer): void {
    if (!this.isCurrent(execution, activity, attempt) || activity.running === undefined) return;
    activity.running.cancel();
    activity.running = undefined;
    if (answer.kind === 'completed') return this.completed(execution, activity, answer.result);
    const { failure } = answer;
    activity.lastFailure = failure;
    const last = activity.retry.maximumAttempts;
    if (failure.isFinal || activity.isCancelRequested || (last > 0 && attempt >= last))
      return this.failed(execution, activity, failure);
    const { initialMs, coefficient, maximumMs } = activity.retry;
    const backoffMs = Math.min(initialMs * coefficient ** (attempt - 1), maximumMs);
    const delayMs = failure.nextRetryMs ?? backoffMs;
    activity.attempt += 1;
    activity.attemptScheduledMs = this.links.time.nowMs + delayMs;
    this.giveOut(execution, activity, delayMs);
  }

  private isCurrent(execution: Execution, activity: PendingActivity, attempt: number): boolean {
    return (
      execution.status === 'RUNNING' &&
      execution.activities.get(activity.seq) === activity &&
      activity.attempt === attempt
    );
  }

  private completed(execution: Execution, { seq, type }: PendingActivity, result: unknown): void {
    execution.activities.delete(seq);
    const payload = defaultPayloadConverter.toPayload(result);
    this.resolve(execution, seq, { completed: { result: payload } });
    execution.history.push({ kind: 'completed', in: execution.tasks.length, seq, result: decoded(payload) });
    this.links.onEvent(`${type} completed`, execution);
  }

  private failed(execution: Execution, activity: PendingActivity, failure: AttemptFailure): void {
    execution.activities.delete(activity.seq);
    this.resolve(execution, activity.seq, { failed: { failure: activityFailure(activity, failure) } });
    this.links.onEvent(`${activity.type} failed`, execution);
  }

  /** The workflow hears of it at once, the attempt with its next heartbeat: unless the workflow waits for the end of what runs. */
  cancel(execution: Execution, seq: number): void {
    const activity = execution.activities.get(seq);
    if (activity === undefined) return;
    activity.isCancelRequested = true;
    if (activity.waitsForEnd && activity.running !== undefined) return;
    activity.running?.cancel();
    execution.activities.delete(seq);
    this.resolve(execution, seq, { cancelled: { failure: activityFailure(activity, 'cancelled') } });
  }

  private resolve(execution: Execution, seq: number, result: object): void {
    this.links.tell(execution, { variant: 'resolveActivity', resolveActivity: { seq, result } });
  }
}

const retryOf = ({ retryPolicy }: NonNullable<WorkflowCommand['scheduleActivity']>): RetryPolicy => ({
  initialMs: msOf(retryPolicy?.initialInterval) ?? 1_000,
  coefficient: retryPolicy?.backoffCoefficient ?? 2,
  maximumMs: msOf(retryPolicy?.maximumInterval) ?? 100_000,
  maximumAttempts: retryPolicy?.maximumAttempts ?? 0,
});
