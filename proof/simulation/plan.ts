import type { Operation } from '../../src/contract/operations';

/** When something is to happen: the n-th time that a point is passed. A point that is never passed fires nothing. */
interface Trigger {
  readonly point: Point;
  readonly nth: number;
}

/**
 * `<operation> written`: its connection is open, its request next to be written. `<operation> served`: its effect has been
 * had. `<activity> starts` and `returns`: on the worker. `<activity> completed`: the server has its result. `workflow task`:
 * the workflow has decided.
 */
export type Point = string;

export type Happening =
  | { readonly do: 'kill'; readonly backAfterMs: number }
  | { readonly do: 'pause'; readonly forMs: number }
  /** Of a call at `written` or `served`. */
  | { readonly do: 'reset' | 'silence' }
  | { readonly do: 'refused-connection' }
  | { readonly do: 'late'; readonly lateMs: number }
  | { readonly do: 'slow'; readonly slowMs: number }
  | { readonly do: 'answer'; readonly status: number; readonly errorType?: string }
  /** Every call from now on is answered so; or every one of an operation. */
  | {
      readonly do: 'storm';
      readonly forMs: number;
      readonly status: number;
      readonly errorType?: string;
      readonly of?: string;
    }
  /** No connection is taken from now on; or none in every second span of this length. */
  | { readonly do: 'outage'; readonly forMs: number; readonly everyMs?: number }
  /** An attempt's answer never reaches the server. */
  | { readonly do: 'lose answer' }
  | { readonly do: 'lose rpc' }
  | { readonly do: 'cancel' }
  | { readonly do: 'terminate'; readonly againAfterMs?: number }
  /** To before the workflow task that is so many before the newest one. */
  | { readonly do: 'reset run'; readonly back: number }
  | { readonly do: 'expire sessions' }
  | { readonly do: 'no capacity'; readonly forMs: number }
  /** Somebody makes a machine of the clone's name; somebody else reverts the machine. */
  | { readonly do: 'somebody else' }
  | { readonly do: 'task fails'; readonly withEffect: boolean }
  | { readonly do: 'task forgotten' }
  /** The newest open task has a status that nobody knows, for a while. */
  | { readonly do: 'odd status'; readonly forMs: number }
  | { readonly do: 'clone powered on' };

export interface Fault {
  readonly at: Trigger;
  readonly happening: Happening;
}

/** One schedule, whole: the same plan gives the same trace, bit for bit. */
export interface Plan {
  readonly operation: Operation;
  readonly seed: number;
  readonly faults: readonly Fault[];
  /** A second request for the same name or machine, so long after the first. */
  readonly secondAfterMs?: number;
  readonly visibilityDelayMs: number;
  readonly taskVisibilityDelayMs: number;
  readonly taskMs: number;
  /** Wall clock of the second worker against the first. */
  readonly skewMs: number;
  /** Every workflow task replays the whole history. */
  readonly isUncached: boolean;
  /** Of what lasts for weeks: polls of tasks are as far apart at least. Absent: as the product has them. */
  readonly leastPollMs?: number;
  /** Of a clone: each request asks for a name of its own. */
  readonly ownName?: true;
  /** Clone: power on. Revert: restore the power state. */
  readonly withPower: boolean;
}
