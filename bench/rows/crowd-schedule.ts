/** When one clone of a crowd had its place at the appliance. */
export interface Slot {
  /** The first that asked is 0. */
  readonly asked: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * The longest time in which the appliance had room while one of the crowd had not begun. It counts from the first that
 * begins: what comes before is the way there.
 */
export function idleMs(slots: readonly Slot[], atOnce: number): number {
  const lastBegins = Math.max(...slots.map(({ fromMs }) => fromMs));
  const changes = slots
    .flatMap(({ fromMs, untilMs }) => [
      { atMs: fromMs, by: 1 },
      { atMs: untilMs, by: -1 },
    ])
    .filter(({ atMs }) => atMs <= lastBegins)
    // A place that is taken as it becomes free was never free.
    .toSorted((a, b) => a.atMs - b.atMs || b.by - a.by);
  let running = 0;
  let roomSince: number | undefined;
  let longest = 0;
  for (const { atMs, by } of changes) {
    running += by;
    if (roomSince !== undefined && (running >= atOnce || atMs === lastBegins))
      longest = Math.max(longest, atMs - roomSince);
    if (running >= atOnce) roomSince = undefined;
    else roomSince ??= atMs;
  }
  return longest;
}

/** Pairs of which the one that asked later began first. */
export const inversions = (slots: readonly Slot[]): number =>
  slots
    .map((slot) => slots.filter((other) => other.asked > slot.asked && other.fromMs < slot.fromMs).length)
    .reduce((sum, count) => sum + count, 0);
