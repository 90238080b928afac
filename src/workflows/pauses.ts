import { backoffMs } from '../contract/backoff';
import type { Failure } from '../contract/failures';

const FIRST_PAUSE_MS = 1_000;
/** A start goes on soon after an outage: within half a minute after one of a minute. */
const LONGEST_IN_OUTAGE_MS = 20_000;
/** About half an hour of the former. Each turn takes 11 to 27 events of a history, which has a bound. */
const SHORT_PAUSES = 120;
/** Capacity returns when other tasks end, which takes long. */
const LONGEST_PAUSE_MS = 600_000;
/** A day of refusals is no accident: hours matter no more, and a month of them has to fit into a history. */
const LASTING_AFTER_MS = 24 * 3_600_000;
const LONGEST_WHEN_LASTING_MS = 3_600_000;
/** A start that was refused so often keeps its shown state while it is tried again. */
const STEADY_AFTER = 10;

/** Refusals that last as long as other tasks do: no capacity, or a task that is open on the machine. */
const WANT_OF_ROOM: readonly string[] = ['Rejected', 'Busy'];

/**
 * How long to wait after each refusal of a start: growing, anew for each kind. Refusals that take turns do not begin anew
 * for ever: short pauses are counted in all.
 */
export class Pauses {
  private type = '';
  private ofType = 0;
  private inAll = 0;
  private pausedMs = 0;

  /** @param atLeastMs what the server asked for */
  nextMs({ type }: Pick<Failure, 'type'>, atLeastMs = 0): number {
    if (type !== this.type) this.ofType = 0;
    this.type = type;
    const nth = this.inAll++ < SHORT_PAUSES ? this.ofType++ : SHORT_PAUSES;
    const backoff = backoffMs(nth, { firstMs: FIRST_PAUSE_MS, longestMs: this.longestMs(type) });
    const pauseMs = Math.max(backoff, atLeastMs);
    this.pausedMs += pauseMs;
    return pauseMs;
  }

  /** Whether the shown state is to outlast the next try. */
  get isSteady(): boolean {
    return this.inAll >= STEADY_AFTER;
  }

  private longestMs(type: string): number {
    if (this.pausedMs >= LASTING_AFTER_MS) return LONGEST_WHEN_LASTING_MS;
    const isShort = !WANT_OF_ROOM.includes(type) && this.inAll <= SHORT_PAUSES;
    return isShort ? LONGEST_IN_OUTAGE_MS : LONGEST_PAUSE_MS;
  }
}
