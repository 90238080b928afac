import { backoffMs } from '../contract/backoff';
import type { Failure } from '../contract/failures';

const FIRST_PAUSE_MS = 1_000;
/** A start goes on soon after an outage: within half a minute after one of a minute. */
const LONGEST_IN_OUTAGE_MS = 20_000;
/** About half an hour of the former. Each turn takes 11 to 27 events of a history, which has a bound. */
const SHORT_PAUSES = 120;
const LONGEST_PAUSE_MS = 600_000;
/**
 * Refusals for want of room in a row after which a start is queued again at once, first in line. Three permits may be out
 * when a service that is nearly idle refuses, four more with a second worker: they bring the same start at once, and are no
 * openings. One that is refused more often than that must not be the one that each opening tries.
 */
const FIRST_IN_LINE = 8;
/** Outside the queue. A day of it has 288 pauses of 11 events each, a fifteenth of a history. */
const FULL_PAUSE_MS = 300_000;
/** A day of refusals is no accident: hours matter no more, and a month of them has to fit into a history. */
const LASTING_AFTER_MS = 24 * 3_600_000;
const LONGEST_WHEN_LASTING_MS = 3_600_000;
/** A start that was refused so often keeps its shown state while it is tried again. */
const STEADY_AFTER = 10;

/** The service refuses for want of room, and says so in the words of a state that does not allow it. */
const WANT_OF_ROOM = 'Rejected';

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
    const pauseMs = Math.max(this.ownMs(type, nth), atLeastMs);
    this.pausedMs += pauseMs;
    return pauseMs;
  }

  /** Whether the shown state is to outlast the next try. */
  get isSteady(): boolean {
    return this.inAll >= STEADY_AFTER;
  }

  /** Whether the next try goes before all others that wait: it had a place and found it taken. */
  get isFirstInLine(): boolean {
    return this.type === WANT_OF_ROOM && this.ofType <= FIRST_IN_LINE;
  }

  private ownMs(type: string, nth: number): number {
    const isLasting = this.pausedMs >= LASTING_AFTER_MS;
    if (type === WANT_OF_ROOM) {
      if (nth < FIRST_IN_LINE) return 0;
      return isLasting ? LONGEST_WHEN_LASTING_MS : FULL_PAUSE_MS;
    }
    const longestMs = this.inAll <= SHORT_PAUSES ? LONGEST_IN_OUTAGE_MS : LONGEST_PAUSE_MS;
    return backoffMs(nth, {
      firstMs: FIRST_PAUSE_MS,
      longestMs: isLasting ? LONGEST_WHEN_LASTING_MS : longestMs,
    });
  }
}
