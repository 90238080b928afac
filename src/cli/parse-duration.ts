const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Longer than any wait or deadline that makes sense; it also keeps timers from overflowing. */
const MAX_MS = 30 * UNIT_MS.d;

/**
 * A duration as people write it: `90s`, `15m`, `2h`, `1h30m`.
 * @returns milliseconds, or a sentence that says what would be right
 */
export const parseDuration = (text: string): number | string => {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  const complete = parts.length > 0 && parts.map(([part]) => part).join('') === text;
  if (!complete) return 'Give a number with a unit, for example 90s, 15m or 2h.';
  const totalMs = parts.reduce((sum, [, number, unit]) => sum + Number(number) * unitMs(unit), 0);
  if (totalMs < 1) return 'Give more than nothing, for example 90s.';
  return totalMs > MAX_MS ? 'Give at most 30d.' : Math.round(totalMs);
};

const unitMs = (unit: string | undefined): number => UNIT_MS[unit as keyof typeof UNIT_MS];
