import { ApplicationFailure } from '@temporalio/common';
import { toFailure } from '../../../src/activities/errors';
import { VsphereError } from '../../../src/vsphere';

const facts = {
  kind: 'unreachable',
  effect: 'none',
  operation: 'vm.list',
  host: 'vcenter',
  remedy: 'look at the network',
} as const;
const unreachable = new VsphereError('vCenter does not answer', facts);

/** The pauses that a read makes until its failure is final; cut at a number that only an endless one reaches. */
function pausesMs(phase: 'before-start' | 'after-effect'): readonly number[] {
  const pauses: number[] = [];
  for (let attempt = 1; attempt <= 100; attempt++) {
    const failure = toFailure(unreachable, phase, attempt);
    if (!(failure instanceof ApplicationFailure)) throw new Error('a failure was expected');
    if (failure.nonRetryable === true) break;
    pauses.push(Number(failure.nextRetryDelay));
  }
  return pauses;
}

afterEach(() => jest.restoreAllMocks());

test.each([0, 0.999_999])('a read before the start (chance %d) outlasts an outage of a minute', (chance) => {
  jest.spyOn(Math, 'random').mockReturnValue(chance);
  const pauses = pausesMs('before-start');
  const allMs = pauses.reduce((sum, each) => sum + each, 0);
  expect(allMs).toBeGreaterThan(60_000);
  expect(allMs).toBeLessThan(140_000);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(20_000);
});

test('a read after a possible effect is never final, and is asked again within 20 s', () => {
  jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
  const pauses = pausesMs('after-effect');
  expect(pauses).toHaveLength(100);
  expect(Math.max(...pauses)).toBe(20_000);
});

test('a read that is answered with Retry-After is asked again no sooner than that', () => {
  const failure = toFailure(
    new VsphereError('not now', { ...facts, retryAfterMs: 45_000 }),
    'before-start',
    1,
  );
  expect(failure).toMatchObject({ nonRetryable: false, nextRetryDelay: 45_000 });
});
