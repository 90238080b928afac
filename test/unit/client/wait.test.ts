import { CallsInFlight, type TemporalLink } from '../../../src/client/temporal-calls';
import { waitForEnd } from '../../../src/client/wait';
import type { OperationOverview, OperationResult } from '../../../src/client/operation-views';

/** Every sleep ends at once, and moves this clock. */
let nowMs = 0;
jest.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number, _value: unknown, { signal }: { signal?: AbortSignal } = {}) => {
    signal?.throwIfAborted();
    nowMs += ms;
  },
}));

const MINUTE_MS = 60_000;
/** A look comes with a jitter of a tenth to both sides. */
const JITTER = 0.1;

/** A server whose long poll answers only with its signal. */
const silentServer = (): TemporalLink =>
  ({
    calls: new CallsInFlight(),
    client: {
      workflow: { result: () => new Promise(() => undefined) },
      connection: {
        withAbortSignal: (signal: AbortSignal, act: () => Promise<unknown>) =>
          Promise.race([
            act(),
            new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
          ]),
      },
    },
  }) as unknown as TemporalLink;

const overview = (state: string) =>
  ({
    status: { workflowId: 'w', runId: 'r', state },
  }) as unknown as OperationOverview<OperationResult>;

/** Runs that ask an operator after a while; tells when they were looked at. */
function asksAfter(askMs: number) {
  const looksMs: number[] = [];
  return {
    looksMs,
    workflowId: 'w',
    runId: 'r',
    overview: async () => {
      looksMs.push(nowMs);
      return overview(nowMs < askMs ? 'running' : 'needs-decision');
    },
  };
}

beforeEach(() => {
  nowMs = 0;
});

test('a new run is looked at after ten seconds, then once a minute, until it needs a decision', async () => {
  const handle = asksAfter(30 * MINUTE_MS);
  const end = await waitForEnd(silentServer(), handle, { isNew: true });
  expect(end).toEqual({ overview: overview('needs-decision') });
  const [first = 0, ...rest] = handle.looksMs;
  expect(first).toBeGreaterThanOrEqual(10_000 * (1 - JITTER));
  // The last one tells how it stands: that was seen in the same moment.
  for (const [n, at] of rest.slice(0, -1).entries())
    expect(at - (handle.looksMs[n] ?? 0)).toBeGreaterThanOrEqual(MINUTE_MS * (1 - JITTER));
  expect(handle.looksMs.length).toBeLessThanOrEqual(30 / (1 - JITTER) + 3);
});

test('a run that was there is looked at first, and ends the wait where it needs a decision', async () => {
  const handle = asksAfter(0);
  await waitForEnd(silentServer(), handle, { isNew: false });
  expect(handle.looksMs).toEqual([0]);
});
