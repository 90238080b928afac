import type { Outcome, Plan } from '../judge/evidence/plan';
import type { Reached } from './firing-point';
import type { RoundEnvironment, Variation } from './round-environment';

type FaultGroup = 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

export type PlannedCell = Pick<Plan, 'operation' | 'window' | 'profile'>;

/** What a cell may end in, where it is not what the window alone would end in. */
export interface Expectation {
  readonly outcomes: readonly Outcome[];
  readonly failureTypes?: readonly string[];
  /** The cell cannot be decided by looking: an operator may be asked. */
  readonly undecidable?: boolean;
  readonly twoEffectsPossible?: string;
  /** Why an undo may meet what somebody changed in that moment. */
  readonly undoOnItsWay?: string;
  /** The fault goes on for ever. */
  readonly neverHeals?: boolean;
}

/** Asked when all is over: whether the fault met anything, where it was planted for a call that was still to come. */
export type DidFire = () => boolean | Promise<boolean>;

/** Of what is done by the harness at that moment: it has happened when the strike returns. */
export const HAPPENED: DidFire = () => true;

/** Something that goes wrong at a moment, and gets well again unless it says otherwise. */
export interface Fault {
  readonly group: FaultGroup;
  readonly title: string;
  /** Why it cannot strike in this cell; undefined where it can. */
  readonly impossible?: (cell: PlannedCell) => string | undefined;
  /** What is different from the start on. */
  readonly variation?: (plan: PlannedCell) => Variation;
  /** The server is killed, so the round has one of its own. */
  readonly killsServer?: boolean;
  /** The round has a server of its own, without search attributes. */
  readonly bareServer?: boolean;
  /** How long it takes by itself, beside what a round may take. */
  readonly lastsMs?: number;
  readonly expect?: (cell: PlannedCell) => Expectation;
  /** Each request asks for a name of its own. */
  readonly ownName?: true;
  /** Id of a second request for the same, which the strike asks for; the judge looks at both. */
  readonly secondRequest?: string;
  /** Before anything is asked. */
  readonly prepare?: (round: RoundEnvironment) => Promise<void>;
  /** Strikes; what is held goes on by the time it returns, and somebody is there to go on with the work. */
  readonly strike: (round: RoundEnvironment, reached: Reached) => Promise<DidFire>;
}
