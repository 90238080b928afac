import type { Plan, PlannedOperation } from '../judge/evidence/plan';
import { makePlan } from './make-plan';
import { WINDOWS, windowOf } from './windows';

const OPERATIONS = ['clone', 'revert'] as const satisfies readonly PlannedOperation[];

/** SIGKILL of whoever stands in the window. */
export const killOf = (window: string): string => `sigkill-${windowOf(window).dies}`;

/** Every window once, with SIGKILL; the operation alternates, and the seed says which begins. */
export const eachWindowOnce = (seed: number): readonly Plan[] =>
  Object.keys(WINDOWS).map((window, index) =>
    makePlan(
      {
        kind: 'window',
        operation: OPERATIONS[(index + seed) % 2] ?? 'clone',
        window,
        fault: killOf(window),
        at: window,
      },
      seed,
    ),
  );

/** Every window with SIGKILL, both operations, so often; each time with another seed. */
export const eachWindowOften = (seed: number, times: number): readonly Plan[] =>
  Array.from({ length: times }, (_, time) =>
    Object.keys(WINDOWS).flatMap((window) =>
      OPERATIONS.map((operation) =>
        makePlan({ kind: 'window', operation, window, fault: killOf(window), at: window }, seed + time),
      ),
    ),
  ).flat();
