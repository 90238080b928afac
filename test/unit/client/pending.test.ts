import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultDataConverter, defaultPayloadConverter } from '@temporalio/common';
import { readPending } from '../../../src/client/pending';
import type { TemporalLink } from '../../../src/client/temporal-calls';

const LINK = {
  namespace: 'default',
  client: { workflow: { options: { loadedDataConverter: defaultDataConverter } } },
} as unknown as TemporalLink;

async function failureOf(activity: object): Promise<string | undefined> {
  const raw = { pendingActivities: [{ activityId: '7', activityType: { name: 'awaitTask' }, ...activity }] };
  const run = { workflowId: 'w', raw } as unknown as WorkflowExecutionDescription;
  return (await readPending(LINK, run)).failure;
}

const at = (seconds: number) => ({ seconds: { toString: () => String(seconds) }, nanos: 0 });
const lastFailure = { message: 'vCenter answers 503:\nthe database is full' };

test('the last failure of a step is one line', async () => {
  expect(await failureOf({ lastFailure })).toBe('vCenter answers 503: the database is full');
});

test('it is no reason any more once the next attempt heartbeats', async () => {
  expect(await failureOf({ lastFailure, lastStartedTime: at(9), lastHeartbeatTime: at(10) })).toBeUndefined();
  expect(await failureOf({ lastFailure, lastStartedTime: at(11), lastHeartbeatTime: at(10) })).toContain(
    '503',
  );
});

test('a time-out says what it means, and a message that was encoded is decoded', async () => {
  const timeout = { message: 'activity Heartbeat timeout', timeoutFailureInfo: {} };
  expect(await failureOf({ lastFailure: timeout })).toContain('no sign of life');
  const encodedAttributes = defaultPayloadConverter.toPayload({ message: 'in clear' });
  expect(await failureOf({ lastFailure: { message: 'Encoded failure', encodedAttributes } })).toBe(
    'in clear',
  );
});

test('what never failed has no reason', async () => {
  expect(await failureOf({})).toBeUndefined();
});
