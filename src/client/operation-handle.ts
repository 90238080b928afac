import type { DeletionResult } from '../contract/inspect';
import { omitUndefined } from '../contract/omit-undefined';
import type { Question, Resolution } from '../contract/resolve';
import { isRunGone } from '../contract/run-gone';
import { deleteVmOfClone } from './delete';
import { describeLatestRun } from './describe';
import { ResolutionRefused, OperationFailed, OperationNotFound, type OperationFailure } from './errors';
import {
  STATE_WORDS,
  nextProgress,
  type OperationOverview,
  type OperationProgress,
  type OperationResult,
  type OperationStatus,
} from './operation-views';
import { overviewOfRun, partsOfReturned } from './overview';
import { checkResolution, sendResolution } from './resolve';
import { temporalCall, type TemporalLink } from './temporal-calls';
import { sleep, retryWhileUnavailable, waitForEnd } from './wait';

/** Fresh enough for a person, cheap enough for a server with hundreds of watchers. */
const PROGRESS_INTERVAL_MS = 1000;

/** No run asks an operator anything within a second of its start. */
const NEW_MS = 1_000;

/** What a wait can be given. */
export interface WaitOptions {
  /** Ends the wait with the signal's reason. The operation goes on. */
  readonly signal?: AbortSignal;
}

/**
 * One operation, running or finished, of any caller. It survives its caller: leaving a wait leaves the operation
 * alone.
 */
export class OperationHandle<Result extends OperationResult = OperationResult> {
  /** @internal Handles come from `Snapflow`. */
  constructor(
    private readonly link: TemporalLink,
    /** The request id. */
    readonly id: string,
    /** What Temporal knows the operation by. */
    readonly workflowId: string,
    /** The run that this handle was made for. `describe` follows it when an operator resets it. */
    readonly runId: string,
    /**
     * Of a clone: the name that its machine has or is to have. Undefined of a revert, and where another language's
     * program started it with `uniqueName` and no nonce, until its worker has made the name.
     */
    readonly name?: string,
    /** Of a run that this caller has just started: when, by `performance.now()`. */
    private readonly startedAtMs = -Infinity,
  ) {}

  /**
   * How the operation stands. It reads what the server knows. No worker needs to run and nothing is added to the history.
   * @throws OperationNotFound, TemporalUnavailable, or the signal's reason
   */
  async describe(options: WaitOptions = {}): Promise<OperationStatus<Result>> {
    return (await this.overview(options)).status;
  }

  /** How the operation stands, with request, times and the service's own words. Fails as `describe`. */
  async overview({ signal }: WaitOptions = {}): Promise<OperationOverview<Result>> {
    const run = await describeLatestRun(this.link, this.workflowId, this.runId, signal);
    if (run === undefined) throw new OperationNotFound(this.id, this.workflowId);
    // What the workflow returns is its contract: the type is trusted here, as Temporal's own handles do.
    return (await overviewOfRun(this.link, run, this.id, signal)) as OperationOverview<Result>;
  }

  /**
   * Waits for the end and returns the result. An outage of the Temporal server is waited out for some minutes.
   * @throws OperationFailed when it ended otherwise, and when it waits for an operator (`NeedsDecision`): at once where
   * it does so already, else within a minute
   */
  async result({ signal }: WaitOptions = {}): Promise<Result> {
    const isNew = performance.now() - this.startedAtMs < NEW_MS;
    const awaited = await waitForEnd(this.link, this, { signal, isNew });
    // What the workflow returns is its contract, as in `overview`.
    if ('returned' in awaited) return partsOfReturned(awaited.returned).result as Result;
    const { status } = awaited.overview;
    if (status.state === 'succeeded') return status.result as Result;
    throw new OperationFailed(status.failure ?? ended(status), this.id);
  }

  /**
   * Changes in how the operation stands, about once a second at most, beginning with how it stands now and ending with
   * its end. The percentage of a task never falls.
   */
  async *progress({ signal }: WaitOptions = {}): AsyncGenerator<OperationProgress, void, undefined> {
    let shown: OperationProgress | undefined;
    for (;;) {
      const overview = await retryWhileUnavailable(() => this.overview(omitUndefined({ signal })), signal);
      const next = nextProgress(shown, overview);
      if (next !== undefined) yield (shown = next);
      if (overview.closedAt !== undefined) return;
      await sleep(PROGRESS_INTERVAL_MS, signal);
    }
  }

  /**
   * Asks the operation to end. It ends when what it did is undone or, if the request says so, kept. Wait for that with
   * `result`. A finished operation is left as it is.
   * @returns how the operation stood when it was asked
   */
  async cancel({ signal }: WaitOptions = {}): Promise<OperationStatus<Result>> {
    const { status, closedAt } = await this.overview(omitUndefined({ signal }));
    if (closedAt !== undefined) return status;
    const { workflow } = this.link.client;
    try {
      await temporalCall(this.link, () => workflow.getHandle(this.workflowId, status.runId).cancel(), signal);
      return status;
    } catch (error) {
      // It ended between the look and the call.
      if (isRunGone(error)) return this.describe(omitUndefined({ signal }));
      throw error;
    }
  }

  /**
   * What the operation asks an operator. Undefined when it needs no decision. Fails as `describe`.
   */
  async question(options: WaitOptions = {}): Promise<Question | undefined> {
    return (await this.overview(options)).question;
  }

  /**
   * Answers what the operation asks, and returns once its run has taken the answer: it goes on from there.
   * @returns the question that was answered
   * @throws ResolutionRefused when it needs no decision (any more), RequestInvalid when the decision does not fit the
   * operation, OperationNotFound, TemporalUnavailable also when no worker takes it, or the signal's reason
   */
  async resolve(resolution: Resolution, { signal }: WaitOptions = {}): Promise<Question> {
    const { status, question } = await this.overview(omitUndefined({ signal }));
    if (question === undefined) throw new ResolutionRefused(noQuestion(status));
    checkResolution(resolution, status.operation, question);
    const { runId, question: number } = question;
    const { requester } = this.link;
    const answer = { runId, question: number, resolution, requester };
    await sendResolution(this.link, this.workflowId, answer, signal);
    return question;
  }

  /**
   * Deletes the machine that this clone made, by id, if it is provably that one and powered off. Already gone is fine.
   * @throws DeletionRefused when it is no clone that succeeded, OperationFailed with `CompensationIncomplete` when the
   * machine was renamed, moved or powered on and so is kept, OperationNotFound, TemporalUnavailable, or the signal's reason
   */
  async deleteVm({ signal }: WaitOptions = {}): Promise<DeletionResult> {
    const { status, request } = await this.overview(omitUndefined({ signal }));
    return deleteVmOfClone(this.link, { status, request }, signal);
  }
}

const ended = (status: OperationStatus<unknown>): OperationFailure => ({
  type: 'Unexpected',
  message: `The operation ${status.id} ${STATE_WORDS[status.state]}, and the server no longer knows why.`,
});

const noQuestion = ({ id, state }: OperationStatus<unknown>): string =>
  state === 'needs-decision'
    ? `The operation ${id} needs a decision and does not say which yet: try again in a moment.`
    : `The operation ${id} needs no decision: it ${STATE_WORDS[state]}.`;
