import type { Look, StartOutcome, TaskEnd } from '../contract/evidence';
import type { Operation } from '../contract/operations';

/** What a run knows in every phase of its start. */
export interface Known {
  readonly operation: Operation;
  /** How the effect is called in messages: the clone's name, the reverted machine's. */
  readonly called: string;
  /** Source of a clone, target of a revert. */
  readonly vmId: string;
  /** Of a clone whose name only this request has: a new machine of that name is its own, whatever else is known (0029). */
  readonly hasOwnName?: true;
  /** User of our own tasks. A task of another user is never ours. */
  readonly user: string;
  readonly maxUnknowns: number;
  /** What to do where the machine is not as it was seen, before the first post. An undo is for what was seen alone. */
  readonly ifStale: 'look' | 'refuse';
  /** The last look before a start call that may have had an effect. */
  readonly baseline: Look;
  /** Unanswered starts of this run. An answered one is a refusal once a check has found no effect. */
  readonly unknowns: number;
  /** Each end of a task that this run or an earlier one has learned. */
  readonly ends: Readonly<Record<string, End>>;
  /** What earlier runs of the request did. Absent until a recall. */
  readonly earlier?: EarlierRuns;
}

interface EarlierRuns {
  /** One of them has begun to undo: only an operator may have the effect made again. */
  readonly undoBegun: boolean;
  /** Another request had its turn since one of them may have posted: what is new may be that one's effect (E4). */
  readonly maybeOthers: boolean;
  /** One of them could not be read: what it did is not known. */
  readonly isIncomplete: boolean;
}

/** How the wait for a task ended. `overdue`: a candidate has not ended within `waitBudgetMs`, and may still work. */
export type End = TaskEnd | { readonly kind: 'overdue'; readonly taskId: string };

/**
 * Why the last start call is not repeated at once. `mayBeOwn`: the service said that the name exists already, and this
 * request may have made what has it.
 */
export type Refusal = Extract<StartOutcome, { kind: 'refused' }> & { readonly mayBeOwn?: true };

/** No start call of this request can have had an effect. */
export interface Unposted {
  readonly kind: 'unposted';
  readonly refusal: Refusal | undefined;
}

/** No start call of this request can have had an effect, and the machine is not as it was seen any more. */
export interface Stale {
  readonly kind: 'stale';
}

/** Earlier runs of the request may have posted, and nothing of their histories is known yet. */
interface Unread {
  readonly kind: 'unread';
}

/** Of a phase after a start call that may have had an effect. */
interface LateCall {
  /** A start call may still arrive late, since it ended without its worker's word. A longer wait comes before the next one. */
  readonly mayBeLate?: true;
}

/** A start call may have had its effect, and nothing has been looked at since. `refusal`: what the last start call met. */
export interface Unknown extends LateCall {
  readonly kind: 'unknown';
  /** Whether a safety wait has passed since. */
  readonly hasWaited: boolean;
  readonly refusal: Refusal | undefined;
}

/** The first check after the safety wait has fixed the candidates (E4). One after the wait for a late call adds to them. */
export interface Looking extends LateCall {
  readonly kind: 'looking';
  readonly candidates: readonly string[];
  /**
   * Whether a safety wait has passed since the last end of a task that may have made what is not visible yet, and since a
   * start call that may arrive late.
   */
  readonly hasWaited: boolean;
  /** Undefined where the last check is stale: a task has ended since, or time has passed. */
  readonly look: Look | undefined;
  readonly refusal: Refusal | undefined;
}

/** A start returned this task, or an operator named it: it is this request's, and it has not ended. */
export interface Ours {
  readonly kind: 'ours';
  readonly taskId: string;
  /** Whether another start call may have had an effect, too. */
  readonly wasUnknown: boolean;
}

/** This request's task has ended, or cannot be read. */
export interface Ended {
  readonly kind: 'ended';
  readonly end: Exclude<TaskEnd, { kind: 'gone' }>;
  readonly wasUnknown: boolean;
  readonly hasWaited: boolean;
  readonly look: Look | undefined;
}

/** The service accepted a start call and has forgotten its task. */
export interface Lost extends LateCall {
  readonly kind: 'lost';
  readonly taskId: string;
  readonly hasWaited: boolean;
  readonly look: Look | undefined;
}

/** An operator said that the effect is there. */
interface Resolved {
  readonly kind: 'resolved';
  /** The new machine of a clone. */
  readonly vmId?: string;
}

/** Where a start stands. ARCHITECTURE draws these, and nothing else. */
export type Phase = Unposted | Stale | Unread | Unknown | Looking | Ours | Ended | Lost | Resolved;

/** All that a run knows about whether its request had its effect. */
export interface Evidence<P extends Phase = Phase> {
  readonly known: Known;
  readonly phase: P;
}
