import type { Failure } from '../contract/failure';

const FIRST_PAUSE_MS = 1_000;
/** An outage that ends must not be waited for much longer: whatever met one of a minute goes on within half a minute. */
const LONGEST_IN_OUTAGE_MS = 20_000;
/** About half an hour of the former. An outage of days must not fill the history, of which each pause takes some events. */
const PAUSES_IN_OUTAGE = 120;
/** Room comes when somebody else's tasks end, which takes long. */
const LONGEST_PAUSE_MS = 600_000;

/** Refusals that last as long as somebody else's tasks do: no capacity, or a task that is open on the machine. */
const WANT_OF_ROOM: readonly string[] = ['Rejected', 'Busy'];

/**
 * How long to wait after each refusal of a start: growing, anew for each kind, and shortened by up to half, so that many
 * runs do not march in step.
 */
export class Pauses {
  private type = '';
  private count = 0;

  nextMs({ type }: Pick<Failure, 'type'>): number {
    if (type !== this.type) this.count = 0;
    this.type = type;
    const nth = this.count++;
    const isShort = !WANT_OF_ROOM.includes(type) && nth < PAUSES_IN_OUTAGE;
    const fullMs = Math.min(FIRST_PAUSE_MS * 2 ** nth, isShort ? LONGEST_IN_OUTAGE_MS : LONGEST_PAUSE_MS);
    return Math.round(fullMs * (0.5 + Math.random() / 2));
  }
}
