import { Context } from '@temporalio/activity';
import type { StartLinkedCloneInput } from '../contract/activities';
import type { StartOutcome } from '../contract/evidence';
import { ownRunId } from './in-activity';
import { describeRun } from './lock';

/** Share of start-to-close in which the write must happen: what is left suffices for the answer of a call in flight. */
const WRITE_SHARE = 0.3;

/** Why this attempt must not post, whatever its look would say (E10, E11); undefined when it may. */
export function unknownWithoutPosting({
  originalRunId,
  quarantinedRunId,
}: Pick<StartLinkedCloneInput, 'originalRunId' | 'quarantinedRunId'>): Unknown | undefined {
  const { attempt, scheduledTimestampMs, currentAttemptScheduledTimestampMs } = Context.current().info;
  if (attempt > 1) return unknown(`this is attempt ${attempt}: the one before it may have posted`);
  if (scheduledTimestampMs !== currentAttemptScheduledTimestampMs) {
    return unknown('the activity was scheduled anew: it was paused and unpaused');
  }
  const runId = ownRunId();
  if (runId === originalRunId || runId === quarantinedRunId) return undefined;
  return { ...unknown('a reset made this run, and it has waited out no quarantine'), afterReset: true };
}

type Unknown = Extract<StartOutcome, { kind: 'unknown' }>;

const unknown = (reason: string): Unknown => ({ kind: 'unknown', reason });

/** The time in which an attempt may write its POST. */
export interface PostWindow {
  /** Throws when it is over; called immediately before the write. */
  readonly assertOpen: () => void;
  /** Aborts what is still being read when it is over. */
  readonly signal: AbortSignal;
}

/**
 * Opens the window: asks the server whether this very attempt is still open, and counts from before the question, on both
 * clocks. The quarantine begins only when the attempt closes, so a write inside the window always comes early enough for
 * the look after it; no clock of another machine is compared. A worker that was paused finds its window over.
 */
export async function openPostWindow(startToCloseMs: number): Promise<PostWindow> {
  const windowMs = startToCloseMs * WRITE_SHARE;
  const from = { monotonicMs: performance.now(), wallMs: Date.now() };
  const isOver = () =>
    performance.now() - from.monotonicMs > windowMs || Math.abs(Date.now() - from.wallMs) > windowMs;
  await assertAttemptOpen();
  return {
    signal: AbortSignal.timeout(Math.max(1, Math.floor(windowMs))),
    assertOpen: () => {
      if (isOver()) throw new Error(`the ${windowMs} ms in which this attempt may post are over`);
    },
  };
}

/** Reads the pending activity from the server itself: no action is billed, and a pause shows. */
async function assertAttemptOpen(): Promise<void> {
  const { activityId, attempt, workflowExecution } = Context.current().info;
  const run = await describeRun(workflowExecution?.workflowId ?? '', workflowExecution?.runId);
  const pending = run?.raw.pendingActivities?.find((each) => each.activityId === activityId);
  if (pending === undefined || pending.attempt !== attempt || pending.paused === true) {
    throw new Error('the server has given this attempt up, or paused it');
  }
}
