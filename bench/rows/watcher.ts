import { TaskWatcher } from '../../src/vsphere';
import { DrivenTasks } from '../driven/tasks';
import { VirtualTime } from '../driven/virtual-time';
import { median, percentile } from '../percentile';
import { atMost, rounded, type Measured, type Row } from '../row';

const ENDS_PER_SECOND = 5;
/** The first tasks end after this; the others one by one. */
const FIRST_END_MS = 60_000;

interface Case {
  readonly tasks: number;
  readonly progress: 'uneven' | 'none';
}

/** The real watcher on a driven clock: what it does with more tasks than any vCenter runs. */
export const watcher: Row = {
  name: 'watcher',
  question:
    'How long after its end does the watcher alone see each of very many tasks (driven clock, calls of 20 ms)?',
  limitMs: 5 * 60_000,
  async measure(_stack, quick): Promise<Measured> {
    const cases: Case[] = [
      { tasks: 100, progress: 'uneven' },
      { tasks: 1_000, progress: 'uneven' },
      ...(quick ? [] : [{ tasks: 10_000, progress: 'uneven' } as const]),
      { tasks: 100, progress: 'none' },
      { tasks: 1_000, progress: 'none' },
    ];
    const lines: (string | number)[][] = [];
    const shown: number[][] = [];
    for (const each of cases) {
      const { lags, callsPerSecond } = await watchAll(each, quick ? 50 : 300);
      const found = [median(lags), percentile(lags, 0.99)];
      lines.push([
        each.tasks,
        each.progress,
        lags.length,
        rounded(found[0]!),
        rounded(found[1]!),
        rounded(callsPerSecond),
      ]);
      if (each.progress === 'uneven') shown.push(found);
    }
    return {
      columns: ['tasks', 'progress shown', 'ends seen', 'p50 ms', 'p99 ms', 'calls/s'],
      lines,
      targets: [
        atMost('lag p50 with progress', Math.max(...shown.map(([half = NaN]) => half)), 300, 'ms'),
        atMost('lag p99 with progress', Math.max(...shown.map(([, most = NaN]) => most)), 1_000, 'ms'),
      ],
      notMeasured: ['an appliance whose answers grow slower with the number of ids'],
    };
  },
};

/** Ends come one by one, as they do; the watcher has all tasks from the start. */
async function watchAll({ tasks, progress }: Case, ends: number) {
  const time = new VirtualTime();
  const appliance = new DrivenTasks(time, progress);
  const watching = new TaskWatcher(appliance, {
    clock: time.clock,
    schedule: time.schedule,
    random: seeded(),
  });
  const lags: number[] = [];
  for (let n = 0; n < tasks; n++) {
    const endMs = FIRST_END_MS + (n * 1_000) / ENDS_PER_SECOND;
    const taskId = `task-${n}`;
    appliance.add({ taskId, startMs: 0, endMs });
    void watching
      .watch(taskId, () => undefined, new AbortController().signal)
      .then(() => lags.push(time.nowMs - endMs));
  }
  const untilMs = FIRST_END_MS + (Math.min(ends, tasks) * 1_000) / ENDS_PER_SECOND;
  await time.run(untilMs);
  return { lags, callsPerSecond: appliance.calls / (untilMs / 1_000) };
}

/** The same jitter in every run. */
function seeded(): () => number {
  let state = 1;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}
