/** What two clocks may differ by before a refusal is put down to them; network and the Date header's second are far below. */
export const CLOCKS_AGREE_MS = 60_000;

/** "the clock of vCenter is 12 min 3 s ahead of this machine's" */
export function describeSkew(whose: string, aheadMs: number, other: string): string {
  const direction = aheadMs < 0 ? 'behind' : 'ahead of';
  return `the clock of ${whose} is ${describeSpan(Math.abs(aheadMs))} ${direction} ${other}`;
}

function describeSpan(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const parts = units.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return parts.length === 0 ? '0 s' : parts.slice(0, 2).join(' ');
}
