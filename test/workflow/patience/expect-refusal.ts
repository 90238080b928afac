import { FAILURES, type FailureType } from '../../../src/contract/failures';
import { expectSentence } from '../expect-sentence';
import { failureOf } from '../failure-of';
import type { ThreadEnvironment } from '../../environment/threads';

/** Of a read before the start. */
const ATTEMPTS = 11;

interface Refusal {
  /** Of the connection; the environment's first one has none. */
  readonly key?: string;
  readonly vm?: string;
  readonly type: FailureType;
  /** What the message says besides its connection. */
  readonly says: readonly string[];
  /** No attempt more helps. Default: it fails once its attempts are used up. */
  readonly isFinal?: boolean;
}

/** Asks for a clone, and awaits the one sentence by which it fails when its attempts are used up. */
export async function expectRefusal(
  env: ThreadEnvironment,
  { key, vm = 'web-01', type, says, isFinal = false }: Refusal,
): Promise<void> {
  const connection = key === undefined ? env.connection : `${env.connection}-${key}`;
  const clone = await env.snapflow.clone({ connection, vm, snapshot: 'latest', name: `of-${vm}` });
  const { message, ...failure } = await failureOf(clone);
  expect({ key, message, ...failure }).toMatchObject({ type, exitCode: FAILURES[type].exitCode });
  expectSentence(message, `(connection ${connection})`, ...says);
  const { events } = await env.temporal.workflow.getHandle(clone.workflowId).fetchHistory();
  const attempts = events?.map((event) => event.activityTaskStartedEventAttributes?.attempt ?? 0) ?? [];
  expect({ key, attempts: Math.max(...attempts) }).toEqual({ key, attempts: isFinal ? 1 : ATTEMPTS });
}
