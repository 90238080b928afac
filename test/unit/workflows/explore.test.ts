import { decide } from '../../../src/workflows/decide';
import { afterEnd, afterLook, afterStart } from '../../../src/workflows/gather';
import { look } from './evidence';
import { explore, PRODUCT, type Rules } from './explorer';

/** Far above what it takes, so that a busy machine fails nothing. */
jest.setTimeout(60_000);

const OPERATIONS = ['clone', 'revert'] as const;

describe.each(OPERATIONS)('every interleaving of a %s', (operation) => {
  test.each([
    ['in its first run', false],
    ['run --again', true],
  ])('%s has at most one effect, no false failure, and an explained end', (_title, again) => {
    const { states, terminals, counterexample } = explore(operation, PRODUCT, again);
    process.stdout.write(
      `explored ${operation}${again ? ' --again' : ''}: ${states} states, ${JSON.stringify(terminals)}\n`,
    );
    expect(counterexample).toBeUndefined();
    expect(states).toBeGreaterThan(1_000);
    // Awake: every kind of end was reached.
    expect(Object.keys(terminals).toSorted()).toEqual(['cancelled', 'done', 'fail', 'needs-decision']);
  });
});

type Mutant = readonly [title: string, operation: (typeof OPERATIONS)[number], rules: Partial<Rules>];

const withoutUsers: Partial<Rules> = {
  decide: (e) =>
    decide({
      ...e,
      ends: Object.fromEntries(
        Object.entries(e.ends).map(([taskId, end]) => {
          const { user: _, ...anonymous } = end as typeof end & { user?: string };
          return [taskId, anonymous];
        }),
      ),
    }),
};

const withoutQuarantine: Partial<Rules> = {
  decide: (e) => decide({ ...e, quarantined: true }),
};

const unknownAsRefused: Partial<Rules> = {
  afterStart: (e, outcome) =>
    afterStart(
      e,
      outcome.kind === 'unknown'
        ? { kind: 'refused', final: false, failure: { type: 'Unreachable', message: outcome.reason } }
        : outcome,
    ),
};

const withoutBaseline: Partial<Rules> = {
  afterLook: (e, seen) => ({ ...afterLook({ ...e, baseline: look() }, seen), baseline: e.baseline }),
};

const byNameOnly: Partial<Rules> = {
  decide: (e) => {
    const decision = decide(e);
    const [vm] = e.look?.vms ?? [];
    return decision.kind === 'needs-decision' && vm !== undefined
      ? { kind: 'done', vmId: vm.vmId, warnings: [] }
      : decision;
  },
};

const withoutLook: Partial<Rules> = {
  decide: (e) =>
    decide({ ...e, look: e.look ?? { ...e.baseline, tasks: [], vms: [] }, candidates: e.candidates ?? [] }),
};

const MUTANTS: readonly Mutant[] = OPERATIONS.flatMap((operation) => [
  ['no quarantine', operation, withoutQuarantine] as const,
  ['no look before a post', operation, withoutLook] as const,
  ['unknown read as refused', operation, unknownAsRefused] as const,
  ['a failed look reads as nothing', operation, { lookFails: true }] as const,
  [
    'a lost task record read as failed',
    operation,
    {
      afterEnd: (e, end) =>
        afterEnd(e, end.kind === 'gone' ? { ...end, kind: 'failed', message: '404' } : end),
    },
  ] as const,
]);

const ONE_OPERATION: readonly Mutant[] = [
  ['candidates ignore the baseline', 'revert', withoutBaseline],
  ['adopt ignores the user', 'clone', withoutUsers],
  ['adopt ignores the user', 'revert', withoutUsers],
  ['adopt by name only', 'clone', byNameOnly],
  [
    'no visibility wait after an awaited candidate',
    'clone',
    { afterEnd: (e, end) => ({ ...afterEnd(e, end), quarantined: e.quarantined && e.ours === undefined }) },
  ],
  [
    'no visibility wait after a task that has ended before the first look',
    'clone',
    { afterLook: (e, seen) => ({ ...afterLook(e, seen), quarantined: e.quarantined }) },
  ],
];

describe('without a guard the explorer is awake', () => {
  test.each([...MUTANTS, ...ONE_OPERATION])(
    '%s (%s): a counterexample is found',
    (_title, operation, rules) => {
      const { counterexample } = explore(operation, { ...PRODUCT, ...rules });
      expect(counterexample).toBeDefined();
    },
  );
});
