import type { Look, TaskEnd } from '../../src/contract/evidence';
import type { Operation } from '../../src/contract/operations';
import type { Decision } from '../../src/workflows/decide';
import type { Evidence } from '../../src/workflows/phases';

/** Who made a call: one of the two requests for the target, or somebody else with another account. */
export type Requester = 'first' | 'second';

type TaskState = 'open' | 'succeeded' | 'failed' | 'failed-with-effect';

export interface ServerTask {
  readonly id: string;
  readonly by: Requester | 'foreign';
  /** Made by a call that was delivered twice: no start can prevent it. */
  readonly twin?: true;
  readonly state: TaskState;
  readonly listed: boolean;
  /** The record is gone: only after its end, and not before what it made is visible. */
  readonly gone: boolean;
  /** Its record stays, and it leaves nothing where it fails: the named assumption of an ALREADY_EXISTS that was handed on. */
  readonly kept?: true;
  /** Its machine was given another name: then its record stays, for nothing else tells of it. */
  readonly renamed?: true;
  /** What it made is shown by inventory and snapshot lists. */
  readonly visible: boolean;
}

/** One attempt of the start activity, between its look and its write. */
interface Attempt {
  readonly by: Requester;
  /** `paused`: its worker stands still, and the server has given it up or a reset has left it behind. */
  readonly state: 'looked' | 'paused';
  /** Whether the time in which it may write has passed. */
  readonly over: boolean;
}

/** What the histories of a request's runs hold: all that a run which a reset or `--again` made can recall. */
export interface Recorded {
  readonly taskIds: readonly string[];
  readonly ends: readonly TaskEnd[];
  /** The first look of all. */
  readonly baseline?: Look;
  readonly mayHavePosted: boolean;
  /** A start of it ended without its worker's word. */
  readonly withoutWord: boolean;
  /** Whether the other request had the lock after this one's first start. */
  readonly contested: boolean;
}

export interface Run {
  /** `settling`: it has the lock, and waits out the last call of a holder that was terminated. */
  readonly phase: 'queued' | 'settling' | 'active' | 'ended';
  readonly evidence?: Evidence;
  readonly recorded: Recorded;
  readonly posts: number;
  readonly refusals: number;
  readonly cancelled: boolean;
  /** Made by a reset; `--again` makes an original run that recalls. */
  readonly reset: boolean;
  readonly again: boolean;
  /** Whether the newest recall was made by this very run (E11). */
  readonly recalled: boolean;
  readonly terminated: boolean;
  /** The other request has taken the lock since this one took it. */
  readonly supplanted: boolean;
}

/** A call that left and has not arrived. */
interface Sent {
  readonly by: Requester;
  /** In the hands of a dead worker's kernel: it may arrive later than a usual safety wait. */
  readonly isLate: boolean;
}

export interface World {
  readonly runs: Readonly<Record<Requester, Run>>;
  readonly holder?: Requester;
  readonly attempts: readonly Attempt[];
  readonly tasks: readonly ServerTask[];
  readonly inFlight: readonly Sent[];
  readonly faults: number;
  readonly foreignDone: boolean;
  /** Resets and repetitions with `--again`, of either request. */
  readonly reruns: number;
}

/** How far a scope goes: every interleaving within it is walked. */
export interface Scope {
  readonly title: string;
  readonly operation: Operation;
  /** Posts that each request may make at most. */
  readonly posts: number;
  readonly faults: number;
  readonly foreign: boolean;
  readonly cancels: boolean;
  /** Whether an attempt's worker may stand still between look and write (a fault). */
  readonly pauses: boolean;
  readonly second: boolean;
  readonly terminates: boolean;
  /** Of the first request's runs: none, open ones, or closed ones too, whose lock has gone. */
  readonly resets: 'none' | 'open' | 'any';
  /** Each request has a name of its own (0029): no lock, and nothing is of others. */
  readonly ownName: boolean;
  /** Whether somebody may rename what was made (a fault). */
  readonly renames: boolean;
  /** Whether something on the way may deliver a call twice (a fault). */
  readonly repeats: boolean;
  /** Whether what a run made may be listed later than the lock goes on to the next. */
  readonly lagsAfterEnd: boolean;
}

export type Step = readonly [what: string, next: World | End];

/** How a run ended; the other one may still be on its way. */
export interface End {
  readonly kind: 'done' | 'fail' | 'needs-decision' | 'cancelled';
  readonly by: Requester;
  readonly world: World;
  readonly decision: Decision;
}

export const REQUESTERS = ['first', 'second'] as const satisfies readonly Requester[];

export const withRun = (world: World, by: Requester, change: Partial<Run>): World => ({
  ...world,
  runs: { ...world.runs, [by]: { ...world.runs[by], ...change } },
});

export const faulty = (world: World): World => ({ ...world, faults: world.faults + 1 });
