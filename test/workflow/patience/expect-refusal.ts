import type { FailureType } from '../../../src/contract/failures';
import { expectSentence } from '../../rig/expect-sentence';
import { failureOf } from '../../rig/failure-of';
import type { Rig } from '../../rig/start-rig';

/** Of a read before the start. */
const ATTEMPTS = 11;

interface Refusal {
  /** Of the connection; the rig's first one has none. */
  readonly key?: string;
  readonly vm?: string;
  readonly type: FailureType;
  /** What the message says besides its connection. */
  readonly says: readonly string[];
}

/** Asks for a clone, and awaits the one sentence by which it fails when its attempts are used up. */
export async function expectRefusal(rig: Rig, { key, vm = 'web-01', type, says }: Refusal): Promise<void> {
  const connection = key === undefined ? rig.connection : `${rig.connection}-${key}`;
  const clone = await rig.snapflow.clone({ connection, vm, snapshot: 'latest', name: `of-${vm}` });
  const { message, ...failure } = await failureOf(clone);
  expect({ key, message, ...failure }).toMatchObject({ type, exitCode: 4 });
  expectSentence(message, `(connection ${connection})`, ...says);
  const { events } = await rig.temporal.workflow.getHandle(clone.workflowId).fetchHistory();
  const attempts = events?.map((event) => event.activityTaskStartedEventAttributes?.attempt ?? 0) ?? [];
  expect({ key, attempts: Math.max(...attempts) }).toEqual({ key, attempts: ATTEMPTS });
}
