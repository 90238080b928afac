import type { PlannedOperation } from '../judge/evidence/plan';
import { makePlan } from './make-plan';
import type { Lane } from './run-rounds';
import { sweepPointText, type SweepPoint } from './sweep-point';

/** What strikes at every call. */
const SWEEP_FAULTS = ['sigkill-worker', 'lost-reply', 'sigstop-worker', 'sigkill-server'] as const;

/** A poll that brings a task is known by its answer, so nothing strikes before it. */
const POINTS = [
  { kind: 'rest', moment: 'before' },
  { kind: 'rest', moment: 'after' },
  { kind: 'rpc', moment: 'before' },
  { kind: 'rpc', moment: 'after' },
  { kind: 'poll', moment: 'after' },
] as const satisfies readonly Omit<SweepPoint, 'index'>[];

/** More calls than any operation makes; a sweep that gets here does not end by itself. */
const MAX_CALLS = 200;

export interface SweepLane {
  readonly name: string;
  /** As a report counts it, once it has come to its end. */
  readonly key: string;
  readonly lane: Lane;
}

/** One lane for every kind of call, moment, fault and operation: call after call, until one is not there any more. */
export const sweepLanes = (seed: number): readonly SweepLane[] =>
  (['clone', 'revert'] as const).flatMap((operation) =>
    SWEEP_FAULTS.flatMap((fault) =>
      POINTS.map(({ kind, moment }) => ({
        name: `sweep.${operation}.${kind}-${moment}.${fault}`,
        key: `${operation} ${kind} ${moment} ${fault}`,
        lane: laneOf(operation, fault, { kind, moment }, seed),
      })),
    ),
  );

function laneOf(
  operation: PlannedOperation,
  fault: string,
  point: Omit<SweepPoint, 'index'>,
  seed: number,
): Lane {
  let index = 0;
  return (last) => {
    if (last?.verdict === 'end' || last?.verdict === 'broken' || index >= MAX_CALLS) return undefined;
    const at = sweepPointText({ ...point, index: index++ });
    return makePlan({ kind: 'sweep', operation, window: null, fault, at }, seed);
  };
}
