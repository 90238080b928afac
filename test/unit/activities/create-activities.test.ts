import { ApplicationFailure } from '@temporalio/common';
import { createActivities } from '../../../src/activities';
import type { Activities } from '../../../src/contract/activities';

/** What a worker that has no connection at all makes of a step, whose input is not looked at then. */
const without = (step: keyof Activities, input: object): Promise<unknown> =>
  (createActivities(new Map())[step] as (input: object) => Promise<unknown>)({
    connection: 'gone',
    ...input,
  });

test.each(['startLinkedClone', 'startRevert'] as const)(
  'a %s where the connection is not configured has certainly posted nothing, and is asked for again',
  async (step) => {
    expect(await without(step, {})).toEqual({
      kind: 'refused',
      final: false,
      failure: { type: 'Unreachable', message: expect.stringContaining('nothing was posted') },
    });
  },
);

test.each(['lookForEffect', 'verifyLinkedClone', 'verifyRevert', 'setPower', 'deleteClone'] as const)(
  'after a possible effect a %s where the connection is not configured is tried again',
  async (step) => {
    const failure = await without(step, {}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'UnknownConnection', nonRetryable: false });
  },
);

test('a wait where the connection is not configured shows as blocked, and then is tried again', async () => {
  expect(await without('awaitTask', { blocked: false })).toEqual({
    kind: 'blocked',
    message: expect.stringContaining('"gone" is not configured'),
  });
  await expect(without('awaitTask', { blocked: true })).rejects.toMatchObject({ nonRetryable: false });
});
