import * as fc from 'fast-check';
import { omitUndefined } from '../../src/contract/omit-undefined';
import { EVERY_OPERATION } from '../../src/contract/operations';
import type { Fault, Happening, Plan, Point } from './plan';

const ACTIVITIES = {
  clone: [
    'prepareLinkedClone',
    'startLinkedClone',
    'lookForEffect',
    'awaitTask',
    'verifyLinkedClone',
    'deleteClone',
    'setPower',
    'awaitExclusion',
    'recallEarlierRuns',
    'mayHavePosted',
  ],
  revert: [
    'prepareRevert',
    'startRevert',
    'lookForEffect',
    'awaitTask',
    'verifyRevert',
    'setPower',
    'awaitExclusion',
    'recallEarlierRuns',
    'mayHavePosted',
  ],
} as const;

const CALLS = {
  clone: ['linkedClone', 'tasks.list', 'tasks.get', 'vm.list', 'vm.get', 'vm.delete', 'power.start'],
  revert: ['revert', 'tasks.list', 'tasks.get', 'snapshots.list', 'power.get', 'power.start'],
} as const;

const pauseMs = fc.constantFrom(3_000, 12_000, 20_000, 40_000, 90_000);
const status = fc.constantFrom(
  { status: 500 },
  { status: 502 },
  { status: 403 },
  { status: 503 },
  { status: 503, errorType: 'SERVICE_UNAVAILABLE' },
  { status: 500, errorType: 'INTERNAL_SERVER_ERROR' },
  { status: 401, errorType: 'UNAUTHENTICATED' },
);

/** To a process, a run or the world: may happen at every point. */
const anywhere: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(1_000, 8_000).map((backAfterMs) => ({ do: 'kill' as const, backAfterMs })),
  },
  { weight: 3, arbitrary: pauseMs.map((forMs) => ({ do: 'pause' as const, forMs })) },
  { weight: 3, arbitrary: fc.constant({ do: 'cancel' as const }) },
  { weight: 2, arbitrary: fc.nat(3).map((back) => ({ do: 'reset run' as const, back })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom({}, { againAfterMs: 500 }, { againAfterMs: 20_000 })
      .map((again) => ({ do: 'terminate' as const, ...again })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(5_000, 30_000, 60_000), status)
      .map(([forMs, answer]) => ({ do: 'storm' as const, forMs, ...answer })),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'expire sessions' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(5_000, 60_000).map((forMs) => ({ do: 'no capacity' as const, forMs })),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'somebody else' as const }) },
  { weight: 1, arbitrary: fc.boolean().map((withEffect) => ({ do: 'task fails' as const, withEffect })) },
  { weight: 1, arbitrary: fc.constant({ do: 'task forgotten' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(5_000, 60_000).map((forMs) => ({ do: 'odd status' as const, forMs })),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'clone powered on' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'lose rpc' as const }) },
);

const lost = fc.constantFrom<Happening>({ do: 'reset' }, { do: 'silence' });
const onWay: fc.Arbitrary<Happening> = fc.oneof(
  lost,
  status.map((answer) => ({ do: 'answer' as const, ...answer })),
  fc.constant({ do: 'refused-connection' as const }),
  fc.constantFrom(500, 3_000, 9_000).map((lateMs) => ({ do: 'late' as const, lateMs })),
);
/** No 401 in the API's own words: that a server which says so has not begun is a named assumption. */
const onReply: fc.Arbitrary<Happening> = fc.oneof(
  lost,
  fc.constantFrom<Happening>(
    { do: 'answer', status: 401 },
    { do: 'answer', status: 403 },
    { do: 'answer', status: 500 },
    { do: 'answer', status: 502 },
    { do: 'answer', status: 503 },
    { do: 'answer', status: 503, errorType: 'SERVICE_UNAVAILABLE' },
    { do: 'answer', status: 500, errorType: 'INTERNAL_SERVER_ERROR' },
  ),
  fc.constantFrom(2_000, 9_000, 11_000).map((slowMs) => ({ do: 'slow' as const, slowMs })),
);

const faultAt = (points: fc.Arbitrary<Point>, happenings: fc.Arbitrary<Happening>): fc.Arbitrary<Fault> =>
  fc.record({ at: fc.record({ point: points, nth: fc.integer({ min: 1, max: 3 }) }), happening: happenings });

function anyFault(operation: Plan['operation']): fc.Arbitrary<Fault> {
  const calls = fc.constantFrom(...CALLS[operation]);
  // Half of what goes wrong with a call goes wrong with the one that counts.
  const call = fc.oneof(calls, fc.constant(CALLS[operation][0]));
  const activities = fc.constantFrom(...ACTIVITIES[operation]);
  const moment = fc.constantFrom('starts', 'returns', 'completed');
  const points = fc.oneof(
    call.map((name) => `${name} written`),
    call.map((name) => `${name} served`),
    fc.tuple(activities, moment).map(([name, at]) => `${name} ${at}`),
    fc.constant('workflow task'),
  );
  return fc.oneof(
    {
      weight: 4,
      arbitrary: faultAt(
        call.map((name) => `${name} written`),
        onWay,
      ),
    },
    {
      weight: 4,
      arbitrary: faultAt(
        call.map((name) => `${name} served`),
        onReply,
      ),
    },
    {
      weight: 2,
      arbitrary: faultAt(
        activities.map((name) => `${name} returns`),
        fc.constant({ do: 'lose answer' as const }),
      ),
    },
    { weight: 8, arbitrary: faultAt(points, anywhere) },
  );
}

const lagMs = fc.constantFrom(0, 0, 0, 2_000, 10_000);

/** Any schedule of an operation: up to three things go wrong. */
const planOf = (operation: Plan['operation']): fc.Arbitrary<Plan> =>
  fc
    .record({
      seed: fc.nat(0x7fff_ffff),
      faults: fc.array(anyFault(operation), { maxLength: 3 }),
      secondAfterMs: fc.option(fc.constantFrom(0, 1_000, 3_000), { nil: undefined, freq: 2 }),
      visibilityDelayMs: lagMs,
      taskVisibilityDelayMs: lagMs,
      taskMs: fc.constantFrom(500, 2_000, 20_000),
      skewMs: fc.constantFrom(0, 3_600_000, -3_600_000),
      isUncached: fc.boolean(),
      withPower: fc.boolean(),
      ownName: fc.constantFrom(false, false, true),
    })
    .map(({ secondAfterMs, ownName, ...rest }) => ({
      operation,
      ...rest,
      ...omitUndefined({
        secondAfterMs,
        ownName: ownName && operation === 'clone' ? (true as const) : undefined,
      }),
    }));

export const anyPlan = (operation?: Plan['operation']): fc.Arbitrary<Plan> =>
  operation === undefined ? fc.oneof(...EVERY_OPERATION.map((each) => planOf(each))) : planOf(operation);
