import { omitUndefined } from '../../src/contract/omit-undefined';
import type { Plan, PlannedOperation } from '../judge/evidence/plan';
import { FAULTS } from './faults';
import { makePlan } from './make-plan';
import { seededOrder } from './seeded-order';
import { whyImpossible } from './why-impossible';
import { killOf } from './window-rounds';
import { WINDOWS } from './windows';

export interface MatrixCell {
  readonly window: string;
  readonly fault: string;
  readonly operation: PlannedOperation;
  /** Why nothing can be played here. */
  readonly impossible?: string;
}

/** Every window with every fault and operation. */
export const matrixCells = (): readonly MatrixCell[] =>
  Object.keys(WINDOWS).flatMap((window) =>
    Object.keys(FAULTS).flatMap((fault) =>
      (['clone', 'revert'] as const).map((operation) => {
        const impossible = whyImpossible({ window, fault, operation });
        return { window, fault, operation, ...omitUndefined({ impossible }) };
      }),
    ),
  );

/** One round in ten has the values of production. */
const PRODUCTION_EVERY = 10;

/**
 * The feasible cells in an order that the seed decides, so that a part of them is a fair sample: every window with every
 * fault for the one operation, then for the other.
 */
export const matrixPlans = (seed: number): readonly Plan[] =>
  eachPairFirst(
    seededOrder(
      seed,
      matrixCells().filter(
        ({ window, fault, impossible }) => impossible === undefined && fault !== killOf(window),
      ),
    ),
  ).map(({ window, fault, operation }, index) =>
    makePlan(
      {
        kind: 'matrix',
        operation,
        window,
        fault,
        at: window,
        profile: index % PRODUCTION_EVERY === PRODUCTION_EVERY - 1 ? 'production' : 'test',
      },
      seed,
    ),
  );

function eachPairFirst(cells: readonly MatrixCell[]): readonly MatrixCell[] {
  const first = new Map<string, MatrixCell>();
  const second: MatrixCell[] = [];
  for (const cell of cells) {
    const pair = `${cell.window} ${cell.fault}`;
    if (first.has(pair)) second.push(cell);
    else first.set(pair, cell);
  }
  return [...first.values(), ...second];
}
