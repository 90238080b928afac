/** When the newest and the oldest of these moments were; neither is there when there is none. */
export function snapshotTimes(moments: readonly number[]): {
  last_snapshot_time?: string;
  oldest_snapshot_time?: string;
} {
  if (moments.length === 0) return {};
  const iso = (moment: number): string => new Date(moment).toISOString();
  return {
    last_snapshot_time: iso(Math.max(...moments)),
    oldest_snapshot_time: iso(Math.min(...moments)),
  };
}
