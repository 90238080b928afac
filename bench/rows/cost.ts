import { HEARTBEAT_TIMEOUT_MS, type HeartbeatProfile } from '../../src/contract/operations';
import { HeartbeatThrottle } from '../../src/activities/await-task';
import { mock } from 'node:test';
import { atMost, type Measured, type Row } from '../row';
import type { ProcessEnvironment } from '../../test/environment/processes';
import type { BenchEnvironment } from '../bench-environment';

const LENGTHS_MS = { '10 s': 10_000, '15 min': 900_000, '2 h': 7_200_000 } as const;
const PROFILES: readonly HeartbeatProfile[] = ['responsive', 'economical'];
/** A run with a task of this length and one of three times it must have the same events. */
const SHORT_MS = 2_000;

/** Events from real runs; heartbeats, which are the only thing that depends on the length, from the pace on a driven clock. */
export const cost: Row = {
  name: 'cost',
  question: 'How many events and billed actions does a clone take?',
  limitMs: 5 * 60_000,
  async measure(bench): Promise<Measured> {
    const [short, long] = [await historyOf(bench, SHORT_MS), await historyOf(bench, SHORT_MS * 3)];
    const lines: (string | number)[][] = [];
    const actions = new Map<string, number>();
    for (const profile of PROFILES) {
      for (const [length, ms] of Object.entries(LENGTHS_MS)) {
        const total = short.actions + beats(profile, ms);
        actions.set(`${profile} ${length}`, total);
        lines.push([`snapflow, ${profile}`, length, short.events, total]);
      }
    }
    for (const [length, ms] of Object.entries(LENGTHS_MS)) {
      const looks = Math.ceil(ms / 5_000);
      lines.push(['timer and activity every 5 s (counted)', length, 11 + looks * 11, 4 + 2 * looks]);
    }
    const of = (key: string) => actions.get(key) ?? NaN;
    return {
      columns: ['who', 'task takes', 'events', 'actions'],
      lines,
      targets: [
        atMost(
          'difference in events between a task of 2 s and one of 6 s',
          Math.abs(long.events - short.events),
          0,
          'events',
        ),
        atMost('responsive, 15 min', of('responsive 15 min'), 60, 'actions'),
        atMost('economical, 15 min', of('economical 15 min'), 25, 'actions'),
        atMost('responsive, 10 s', of('responsive 10 s'), 12, 'actions'),
      ],
      notMeasured: [
        'a bill of Temporal Cloud: actions are counted by its published rules',
        'the five events of the lock, which is a run of its own',
      ],
    };
  },
};

async function historyOf(
  bench: BenchEnvironment,
  cloneMs: number,
): Promise<{ events: number; actions: number }> {
  const env = await bench.open({ name: 'cost', flags: { 'clone-ms': cloneMs } });
  await env.startWorker();
  const workflowId = await bench.until('the clone', cloned(env));
  const { workflow } = env.temporal;
  const { events } = await workflow.getHandle(workflowId).fetchHistory();
  const all = events ?? [];
  const count = (key: keyof (typeof all)[number]) => all.filter((event) => event[key]).length;
  return {
    events: all.length,
    // Start; activities; timers; upserts; a child counts two.
    actions:
      1 +
      count('activityTaskScheduledEventAttributes') +
      count('timerStartedEventAttributes') +
      count('upsertWorkflowSearchAttributesEventAttributes') +
      count('workflowPropertiesModifiedEventAttributes') +
      2 * count('startChildWorkflowExecutionInitiatedEventAttributes'),
  };
}

async function cloned({ snapflow, connection }: ProcessEnvironment): Promise<string> {
  const clone = await snapflow.clone(
    { connection, vm: 'web-01', snapshot: 'latest', name: 'c' },
    { requestId: 'c' },
  );
  await clone.result();
  return clone.workflowId;
}

/** Heartbeats of a wait whose progress changes every second. */
function beats(profile: HeartbeatProfile, lengthMs: number): number {
  const realNow = performance.now.bind(performance);
  let now = 0;
  let sent = 0;
  mock.timers.enable({ apis: ['setInterval'] });
  performance.now = () => now;
  try {
    const pace = {
      heartbeatTimeoutMs: HEARTBEAT_TIMEOUT_MS[profile],
      showsChanges: profile === 'responsive',
    };
    const paced = new HeartbeatThrottle<number>(() => (sent += 1), pace, 0);
    for (now = 1_000; now <= lengthMs; now += 1_000) {
      mock.timers.tick(1_000);
      paced.show(now);
    }
    paced.stop();
    return sent;
  } finally {
    performance.now = realNow;
    mock.timers.reset();
  }
}
