import { omitUndefined } from '../../src/contract/omit-undefined';
import type { Plan, PlannedOperation } from '../judge/evidence/plan';
import { faultOf } from './faults';
import { windowOf } from './windows';

/** The machine that is cloned or reverted in every round of one request. */
const VM_ID = 'vm-1001';
const SNAPSHOT = 'nightly-0411';

/** An order of magnitude above what a clean run needs: a loop that runs away is seen, a busy machine is not. */
const BOUNDS: Plan['bounds'] = {
  events: 400,
  calls: { linkedClone: 4, revert: 6, 'vm.delete': 6, 'vcenter.login': 12, 'appliance.login': 12, '*': 600 },
};

/** From the fault's strike to the last run's close, with the room that a busy machine of two cores needs. */
const DEADLINE_MS: Record<Plan['profile'], number> = { test: 120_000, production: 240_000 };

/** Faults in which the request is asked a second time. */
const ASKS_AGAIN = ['sigkill-starter', 'sigkill-both', 'two-callers'];
/** Those that kill whoever stands in the window. */
const KILL_IN_WINDOW = ['second-request', 'own-name-killed', 'own-name-asked-alike'];
const asksAgain = (fault: string, window: string | null): boolean =>
  ASKS_AGAIN.includes(fault) ||
  (KILL_IN_WINDOW.includes(fault) && window !== null && windowOf(window).dies === 'starter');

const boundsFor = (requests: number): Plan['bounds'] => ({
  events: BOUNDS.events,
  calls: Object.fromEntries(Object.entries(BOUNDS.calls).map(([call, most]) => [call, most * requests])),
});

export interface Cell {
  readonly kind: Plan['kind'];
  readonly operation: PlannedOperation;
  readonly window: string | null;
  readonly fault: string;
  readonly at: string;
  readonly profile?: Plan['profile'];
}

export function makePlan(cell: Cell, seed: number): Plan {
  const { kind, operation, window, fault, at, profile = 'test' } = cell;
  const { expect, secondRequest, ownName } = faultOf(fault);
  const expected = expect?.({ operation, window, profile });
  const ends = window === null ? 'succeeded' : windowOf(window).ends;
  const first = {
    requestId: 'r1',
    operation,
    connection: 'proof',
    vm: VM_ID,
    snapshot: SNAPSHOT,
    ...(operation === 'clone' ? { name: `ci-${seed}`, ...omitUndefined({ uniqueName: ownName }) } : {}),
  };
  return {
    version: 1,
    id: [kind, operation, at.replaceAll(' ', '-'), fault, seed].join('.'),
    seed,
    profile,
    kind,
    operation,
    window,
    fault,
    at,
    requests: [
      { ...first, attempts: asksAgain(fault, window) ? 2 : 1 },
      // The same name or machine: what they contend for.
      ...(secondRequest === undefined ? [] : [{ ...first, requestId: secondRequest, attempts: 1 }]),
    ],
    heals: expected?.neverHeals !== true,
    expect: {
      outcomes: [...(expected?.outcomes ?? [ends])],
      undecidable: expected?.undecidable === true,
      ...omitUndefined({
        failureTypes: expected?.failureTypes?.slice(),
        twoEffectsPossible: expected?.twoEffectsPossible,
        undoOnItsWay: expected?.undoOnItsWay,
      }),
    },
    deadlineMs: DEADLINE_MS[profile] + (faultOf(fault).lastsMs ?? 0),
    bounds: boundsFor(secondRequest === undefined ? 1 : 2),
  };
}
