import { getEventListeners } from 'node:events';
import {
  CallsInFlight,
  explainServiceError,
  temporalCall,
  type TemporalLink,
} from '../../../src/client/temporal-calls';

/** A connection that leaves its listeners on the signal, as the SDK's does. */
function leavingListeners(perCall: number, inCall: (signal: AbortSignal) => void = () => {}): TemporalLink {
  const connection = {
    withDeadline: (_deadline: number, act: () => unknown) => act(),
    withAbortSignal: (signal: AbortSignal, act: () => unknown) => {
      for (let index = 0; index < perCall; index++) signal.addEventListener('abort', () => {});
      inCall(signal);
      return act();
    },
  };
  return { client: { connection }, calls: new CallsInFlight() } as unknown as TemporalLink;
}

describe('a call with the signal of a caller', () => {
  it('that is repeated many times leaves no listener on that signal', async () => {
    const { signal } = new AbortController();
    const link = leavingListeners(20);
    for (let index = 0; index < 20; index++) await temporalCall(link, async () => 'answer', signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('that is given up in the middle ends with the reason of that signal', async () => {
    const caller = new AbortController();
    const link = leavingListeners(0, () => caller.abort(new Error('given up')));
    const never = () => new Promise<never>((_, reject) => setImmediate(() => reject(new Error('cut off'))));
    await expect(temporalCall(link, never, caller.signal)).rejects.toThrow('given up');
  });

  it('reaches the call in flight when that signal is aborted', async () => {
    const caller = new AbortController();
    let inner: AbortSignal | undefined;
    const link = leavingListeners(0, (signal) => (inner = signal));
    const act = async () => caller.abort(new Error('given up'));
    await temporalCall(link, act, caller.signal);
    expect(inner?.reason).toEqual(new Error('given up'));
  });
});

test('a gateway without a route to the server is named, not what the SDK makes of it', () => {
  const details = 'Received HTTP status code 404';
  const cause = Object.assign(new Error(details), { code: 12, details, metadata: {} });
  const error = new Error('Failed to describe workflow', { cause });
  expect(explainServiceError(error, { address: 'gateway:443', namespace: 'n' })).toMatchObject({
    name: 'TemporalUnavailable',
    reason: 'refused',
    message: expect.stringContaining(`at gateway:443 does not know a call of Temporal's (${details}): check`),
  });
});
