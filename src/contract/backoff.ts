/** How long pauses are at first and at most. */
export interface BackoffLimits {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * The pause before another attempt: twice the one before it, up to the longest, and shortened by up to half, so that many
 * who met one outage do not return in step. In a workflow chance is Temporal's, the same in every replay.
 * @param nth 0 for the first pause
 */
export const backoffMs = (nth: number, { firstMs, longestMs }: BackoffLimits): number =>
  Math.round(Math.min(firstMs * 2 ** nth, longestMs) * (0.5 + Math.random() / 2));
