import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { OnSite, StartGuards, StartLinkedCloneInput, StartRevertInput } from '../contract/activities';
import type { StartOutcome } from '../contract/evidence';
import type { FailureDetails } from '../contract/failure-details';
import type { FailureType } from '../contract/failures';
import type { Operation } from '../contract/operations';
import { postWindowMs } from '../contract/service';
import { omitUndefined } from '../contract/omit-undefined';
import { VsphereError, type CallOptions, type ChangeOptions } from '../vsphere';
import { notAllowed, outsideNow, type AboutToTouch } from './checks';
import type { Connection } from './connection';
import { ownRunId, callerId } from './context';
import { ERROR_CLASSES, failureOf } from './errors';
import { isHeld } from './exclusion';
import { describeRun } from './history';
import { otherSite } from './same-site';

/** Why this attempt must not post, whatever its look would say (E10, E11). Undefined when it may. */
export function unknownWithoutPosting({
  originalRunId,
  quarantinedRunId,
}: Pick<StartLinkedCloneInput, 'originalRunId' | 'quarantinedRunId'>): Unknown | undefined {
  const { attempt, scheduledTimestampMs, currentAttemptScheduledTimestampMs } = Context.current().info;
  if (attempt > 1) return withoutWord(`this is attempt ${attempt}: the one before it may have posted`);
  if (scheduledTimestampMs !== currentAttemptScheduledTimestampMs) {
    return withoutWord('the activity was scheduled anew: it was paused and unpaused');
  }
  const runId = ownRunId();
  if (runId === originalRunId || runId === quarantinedRunId) return undefined;
  return { ...unknown('a reset made this run, and it has waited out no quarantine'), afterReset: true };
}

export type Unknown = Extract<StartOutcome, { kind: 'unknown' }>;

const unknown = (reason: string): Unknown => ({ kind: 'unknown', reason });

/** What an attempt before this one did is not known. */
const withoutWord = (reason: string): Unknown => ({ ...unknown(reason), withoutWord: true });

/** The time in which an attempt may write its POST. */
export interface PostWindow {
  /** Throws when it is over. Called immediately before the write. */
  readonly assertOpen: () => void;
  /** Aborts what is still being read when it is over. */
  readonly signal: AbortSignal;
}

/**
 * Opens the window: asks the server whether this very attempt is still open, and counts from before the question, on both
 * clocks. The quarantine begins only when the attempt closes, so a write inside the window always comes early enough for
 * the look after it. No clock of another machine is compared. A worker that was paused finds its window over.
 */
export async function openPostWindow(startToCloseMs: number): Promise<PostWindow> {
  const windowMs = postWindowMs({ startToCloseMs });
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

export type Refused = Extract<StartOutcome, { kind: 'refused' }>;
export type Stale = Extract<StartOutcome, { kind: 'stale' }>;

/** The one changing call of an operation, and the check immediately before it. */
export interface StartCall {
  /** Which of the service's limits it falls under. */
  readonly operation: Operation;
  /** What forbids the post now. Undefined when nothing does. Nothing is posted in here, so its failure is a refusal. */
  readonly lookBefore: (options: CallOptions) => Promise<Refused | Stale | undefined>;
  /** Posts, and returns the task id. */
  readonly post: (options: ChangeOptions) => Promise<string>;
  /** Tells more about an answer of the server than its error does. */
  readonly explain?: (error: VsphereError) => Promise<Refused | Unknown | undefined>;
}

/** Of the input of every start. */
type AboutToStart = StartGuards & AboutToTouch & OnSite & Partial<Pick<StartRevertInput, 'purpose'>>;

/** Guards, looks, posts at most once with an effect, and says what may have happened (E3, E8, E10, E11). */
export async function startOnce(
  connection: Connection,
  guards: AboutToStart,
  call: StartCall,
): Promise<StartOutcome> {
  const unknown = unknownWithoutPosting(guards);
  if (unknown !== undefined) return unknown;
  const full = connection.starts.begin(call.operation);
  if (full !== undefined) return refused(false, 'Busy', `nothing was posted: ${full}`);
  try {
    const before = await guarded(connection, guards, call);
    return 'assertOpen' in before ? await post(connection, call, before) : before;
  } catch (error) {
    throw asInterrupted(error);
  } finally {
    connection.starts.end(call.operation);
  }
}

/**
 * The workflow takes a cancelled start for one that never began. One that has begun is never told as that: neither here,
 * nor by the server, which would keep a paused start that may be tried again as one that has not begun.
 */
const asInterrupted = (error: unknown): Error =>
  ApplicationFailure.create({
    message: error instanceof Error ? error.message : String(error),
    nonRetryable: true,
    ...(error instanceof Error ? { cause: error } : {}),
  });

async function guarded(
  connection: Connection,
  { exclusion, settings, ...touched }: AboutToStart,
  call: StartCall,
): Promise<PostWindow | Refused | Stale> {
  try {
    const window = await openPostWindow(settings.startToCloseMs);
    if (exclusion !== undefined && !(await isHeld(exclusion))) {
      return refused(
        true,
        'Busy',
        `the lock ${exclusion.lockId} was ended from outside: nothing was posted, repeat with --again.`,
      );
    }
    const elsewhere = await otherSite(connection, touched);
    if (elsewhere !== undefined) return refusedElsewhere(elsewhere, touched);
    const options = { requestId: callerId(), signal: window.signal };
    const outside = await outsideNow(connection, touched, options);
    if (outside.length > 0)
      return refused(true, 'NotAllowed', `nothing was posted: ${notAllowed(connection, outside)}`, {
        outside,
      });
    return (await call.lookBefore(options)) ?? window;
  } catch (error) {
    return error instanceof VsphereError
      ? refusedBy(error)
      : refused(
          false,
          'Unreachable',
          `nothing was posted: ${error instanceof Error ? error.message : String(error)}`,
        );
  }
}

/** An effect that is to be undone is on the other site: a worker that has it may take the next attempt. */
const refusedElsewhere = (elsewhere: string, { purpose }: Pick<AboutToStart, 'purpose'>): Refused =>
  purpose === 'undo'
    ? refused(false, 'Unreachable', `nothing was posted: ${elsewhere}`)
    : refused(true, 'UnknownConnection', `nothing was posted: ${elsewhere}`);

/** At most one more post, after a new login: UNAUTHENTICATED in the API's own words is certainly no effect. */
async function post(connection: Connection, call: StartCall, window: PostWindow): Promise<StartOutcome> {
  const first = await postOnce(connection, call, window);
  const last = first === 'unauthenticated' ? await postOnce(connection, call, window) : first;
  if (last !== 'unauthenticated') return last;
  return refused(
    true,
    'Unauthenticated',
    `connection "${connection.name}" refused the call also after a new login: correct its credentials.`,
  );
}

async function postOnce(
  connection: Connection,
  call: StartCall,
  { assertOpen }: PostWindow,
): Promise<StartOutcome | 'unauthenticated'> {
  try {
    const taskId = await call.post({ requestId: callerId(), beforeWrite: assertOpen });
    connection.starts.onAccepted(call.operation, taskId);
    connection.ownTasks.add(taskId, call.operation);
    return { kind: 'started', taskId };
  } catch (error) {
    if (!(error instanceof VsphereError)) throw error;
    if (error.kind === 'unauthenticated') return 'unauthenticated';
    const explained = await call.explain?.(error);
    if (error.effect === 'possible') return unknownAfter(error, explained);
    if (explained !== undefined) return explained;
    if (error.kind === 'not-allowed') connection.starts.onRefused(call.operation);
    return refusedBy(error);
  }
}

/** An answer of an error status is no acceptance. One with another status may be one whose task id cannot be read. */
const FIRST_ERROR_STATUS = 300;

function unknownAfter(error: VsphereError, explained: Refused | Unknown | undefined): Unknown {
  if (explained?.kind === 'unknown') return explained;
  const { message: reason, status = 0, remedy, retryAfterMs } = error;
  if (status < FIRST_ERROR_STATUS) return { kind: 'unknown', reason };
  const failure = failureOf(error);
  // It is shown, or ends the run, only once a check has found no effect.
  const afterwards = failure.type === 'NameTaken' ? 'choose another name' : 'a check found no effect of it';
  const answered = { ...failure, message: reason.replace(remedy, () => afterwards) };
  return {
    kind: 'unknown',
    reason,
    answer: { failure: explained?.failure ?? answered, ...omitUndefined({ retryAfterMs }) },
  };
}

const refusedBy = (error: VsphereError): Refused => ({
  kind: 'refused',
  final: ERROR_CLASSES[error.kind].start === 'final',
  failure: failureOf(error),
  ...omitUndefined({ retryAfterMs: error.retryAfterMs }),
});

export const refused = <Type extends FailureType>(
  final: boolean,
  type: Type,
  message: string,
  details?: FailureDetails[Type],
): Refused => ({
  kind: 'refused',
  final,
  failure: { type, message, ...omitUndefined({ details }) },
});
