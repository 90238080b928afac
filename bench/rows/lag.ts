import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { eventually } from '../../test/environment/eventually';
import { median, percentile } from '../percentile';
import { openSession, type ApplianceSession } from '../peers/appliance-session';
import { LOOPS, pollUntilEnd } from '../peers/poll-loop';
import { atLeast, atMost, rounded, type Measured, type Row } from '../row';
import type { ProcessEnvironment } from '../../test/environment/processes';
import type { BenchEnvironment } from '../bench-environment';

/** Long enough that no loop sees the end by chance with its first look. */
const TASK_MS = 12_000;
/** A task that takes a whole number of polls ends in the same phase each time, and one round would decide for all. */
const VARIES_MS = 5_000;
/** Its multiples lie evenly in every interval, however many there are. */
const GOLDEN_RATIO = 0.618_034;
const OURS = 'snapflow, on Temporal';

type Lags = Map<string, number[]>;

/**
 * The same tasks for everybody: our operations make them, and each peer's loop watches the same task from the moment it
 * exists. The loops run without Temporal, which favours them.
 */
export const lag: Row = {
  name: 'lag',
  question: "How long after a task's end does a caller of its wait know?",
  limitMs: 15 * 60_000,
  async measure(bench, quick): Promise<Measured> {
    const lines: (string | number)[][] = [];
    const p50 = new Map<string, number>();
    let worst = 0;
    for (const tasks of quick ? [10] : [1, 10, 100]) {
      const rounds = quick ? 1 : tasks === 1 ? 8 : tasks === 10 ? 2 : 1;
      const lags = await lagsOf(bench, tasks, rounds);
      for (const [who, values] of lags) {
        const [half, most] = [median(values), percentile(values, 0.99)];
        lines.push([tasks, who, values.length, rounded(half), rounded(most)]);
        if (who !== OURS) continue;
        worst = Math.max(worst, most);
        p50.set(String(tasks), half);
      }
      const [official] = LOOPS;
      const gain = median(lags.get(official.name) ?? []) / median(lags.get(OURS) ?? []);
      lines.push([tasks, 'official / snapflow (p50)', '', rounded(gain), '']);
      p50.set(`gain ${tasks}`, gain);
    }
    const ours = [...p50].filter(([key]) => !key.startsWith('gain')).map(([, value]) => value);
    const gains = [...p50].filter(([key]) => key.startsWith('gain')).map(([, value]) => value);
    return {
      columns: ['tasks in flight', 'who', 'ends seen', 'p50 ms', 'p99 ms'],
      lines,
      targets: [
        atMost('lag p50, the worst of all sizes', Math.max(...ours), 300, 'ms'),
        atMost('lag p99, the worst of all sizes', worst, 1_000, 'ms'),
        atLeast('sooner than the official loop, p50', Math.min(...gains), 8, 'times'),
      ],
      notMeasured: [
        'a network between worker and appliance',
        'an appliance that shows no progress (see watcher)',
      ],
    };
  },
};

async function lagsOf(bench: BenchEnvironment, tasks: number, rounds: number): Promise<Lags> {
  const env = await bench.open({
    name: `lag-${tasks}`,
    flags: { 'clone-ms': TASK_MS, 'max-clones': 500 },
  });
  await env.startWorker();
  const session = await openSession(env.site);
  const lags: Lags = new Map();
  try {
    await started(env, 'warm-up');
    for (let round = 0; round < rounds; round++) {
      const names = Array.from({ length: tasks }, (_, n) => `r${round}-${n}`);
      await Promise.all(
        names.map((name, n) => {
          const afterMs = (TASK_MS / 2 / tasks) * n;
          return bench.until(name, observed({ env, session, name, afterMs, nth: round * tasks + n }, lags));
        }),
      );
    }
  } finally {
    await session.close();
  }
  return lags;
}

async function started({ snapflow, connection }: ProcessEnvironment, name: string) {
  return snapflow.clone({ connection, vm: 'web-01', snapshot: 'latest', name }, { requestId: name });
}

interface Observed {
  readonly env: ProcessEnvironment;
  readonly session: ApplianceSession;
  readonly name: string;
  readonly afterMs: number;
  readonly nth: number;
}

async function observed({ env, session, name, afterMs, nth }: Observed, lags: Lags): Promise<void> {
  await sleep(afterMs);
  // It counts at the post, a moment later: beside others it may be theirs, which varies as well.
  await env.control.settings({ cloneMs: Math.round(TASK_MS + ((nth * GOLDEN_RATIO) % 1) * VARIES_MS) });
  const clone = await started(env, name);
  const taskId = await eventually('the wait began', async () => (await clone.describe()).taskId, 60_000);
  const loops = LOOPS.map(
    async (loop) => [loop.name, await pollUntilEnd(session, taskId, loop.intervalMs)] as const,
  );
  const [seen] = await Promise.all([Promise.all(loops), clone.result()]);
  const ledger = await env.control.ledger();
  const ended = Date.parse(ledger.find(({ task, kind }) => task === taskId && kind === 'clone')!.at);
  const moments = [[OURS, await waitEnded(env.temporal, clone.workflowId)] as const, ...seen];
  for (const [who, at] of moments) lags.set(who, [...(lags.get(who) ?? []), at - ended]);
}

/** When the server took the completion of the wait: later than its return, by a call. */
async function waitEnded(client: Client, workflowId: string): Promise<number> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const all = events ?? [];
  const waits = all.filter(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'awaitTask',
  );
  const last = String(waits.at(-1)?.eventId);
  const end = all.find(
    (event) => String(event.activityTaskCompletedEventAttributes?.scheduledEventId) === last,
  );
  const time = end?.eventTime;
  if (time === undefined || time === null) throw new Error(`${workflowId} has no completed wait`);
  return Number(time.seconds) * 1_000 + Number(time.nanos) / 1e6;
}
