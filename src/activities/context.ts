import { Context } from '@temporalio/activity';
import { siteQueue } from '../contract/operations';
import type { CallOptions } from '../vsphere';
import type { Connection } from './connection';
import { toFailure, type CallPhase } from './errors';

/** With the two numbers it stays below the 200 characters of a request id. */
const LONGEST_WORKFLOW_ID = 160;
const LONGEST_ACTIVITY_ID = 24;

/** `<workflow>/<activity>/<attempt>`, so that vCenter's logs name the run. Printable ASCII and bounded, as a header must be. */
export const callerIdOf = (workflowId: string, activityId: string, attempt: number): string =>
  `${printable(workflowId, LONGEST_WORKFLOW_ID)}/${printable(activityId, LONGEST_ACTIVITY_ID)}/${attempt}`;

/** A workflow started from outside the contract may have any id. */
const printable = (text: string, longest: number): string =>
  text.replaceAll(/[^\x21-\x7e]/g, '_').slice(0, longest);

/** Shorter attempts send no heartbeat at all and so cost nothing. Must stay below the heartbeat time-out of reads. */
const HEARTBEAT_MS = 4_000;

/**
 * Runs a reading activity: sends `X-Request-ID`, heartbeats while it lasts, and gives its errors their retry class.
 */
export async function reading<T>(phase: CallPhase, body: (options: CallOptions) => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  try {
    return await body({ requestId: callerId(), signal: context.cancellationSignal });
  } catch (error) {
    throw toFailure(error, phase, context.info.attempt);
  } finally {
    clearInterval(beat);
  }
}

/**
 * Checks a request before its start. A crowd of them queues in the engine: undefined where no place is free now, and the
 * activity did not come by the queue whose worker has kept one for it.
 */
export const checking = <T>(
  connection: Connection,
  body: (options: CallOptions) => Promise<T>,
): Promise<T | undefined> =>
  reading('before-start', async (options) => {
    if (isInTurn(connection)) return body(options);
    if (!connection.checks.tryTake()) return undefined;
    try {
      return await body(options);
    } finally {
      connection.checks.giveBack();
    }
  });

const isInTurn = ({ name }: Connection): boolean =>
  Context.current().info.taskQueue.endsWith(siteQueue('', name, 'checks'));

/** The workflow that this activity belongs to. */
export const ownWorkflowId = (): string => Context.current().info.workflowExecution?.workflowId ?? '';

/** The run that this activity belongs to. */
export const ownRunId = (): string => Context.current().info.workflowExecution?.runId ?? '';

/** Sent with every call of this attempt as `X-Request-ID`. */
export function callerId(): string {
  const { workflowExecution, activityId, attempt } = Context.current().info;
  return callerIdOf(workflowExecution?.workflowId ?? 'none', activityId, attempt);
}
