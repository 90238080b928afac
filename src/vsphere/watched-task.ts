import type { TaskInfo } from './task-info';
import type { VsphereError } from './vsphere-error';

/** How a watched task ended: its terminal state, or that its record is gone. */
export type WatchedEnd = { readonly kind: 'ended'; readonly info: TaskInfo } | { readonly kind: 'gone' };

/** What a waiter is told meanwhile. `blocked`: the poll fails; the task itself may be fine. */
export type WatchNews =
  | { readonly kind: 'progress'; readonly info: TaskInfo }
  | { readonly kind: 'blocked'; readonly error: VsphereError };

/** A task that somebody waits for. */
export interface Watched {
  readonly taskId: string;
  readonly since: number;
  readonly tell: (news: WatchNews) => void;
  readonly settle: (end: WatchedEnd) => void;
  readonly fail: (error: unknown) => void;
  /** Stops listening for the waiter's abort. */
  readonly forget: () => void;
  /** When it wants to be asked for next. */
  dueMs: number;
  missingSince?: number;
  /** Its record could not be read: it is kept out of lists, and only its own wait is blocked. */
  isUnreadable?: true;
}

/** Ids of one question: about what fits a request line of 8 KiB, and far from the 1000 matches that a list may have. */
const IDS_A_CALL = 110;
/** Questions of one poll where more tasks are due than fit one: with two polls a second, ten calls a second at most. */
const CALLS_A_POLL = 5;

/** Whom to ask for: everybody where one call suffices, else who is first due, in more calls only where more are due. */
export function batchesOf(watched: readonly Watched[], now: number): readonly (readonly Watched[])[] {
  if (watched.length <= IDS_A_CALL) return [watched];
  const firstDue = watched.toSorted((a, b) => a.dueMs - b.dueMs);
  const batches = [firstDue.slice(0, IDS_A_CALL)];
  for (let from = IDS_A_CALL; batches.length < CALLS_A_POLL; from += IDS_A_CALL) {
    const next = firstDue.slice(from, from + IDS_A_CALL).filter(({ dueMs }) => dueMs < now);
    if (next.length === 0) break;
    batches.push(next);
  }
  return batches;
}
