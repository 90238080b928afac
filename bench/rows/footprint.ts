import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../test/environment/eventually';
import { atMost, rounded, type Measured, type Row } from '../row';
import type { ProcessEnvironment } from '../../test/environment/processes';
import type { SelfObserved } from '../worker-host';

const FINISHED_EACH = 1_000;
const QUICK_MS = 20;
const LONG_MS = 3_600_000;
/** Operations that finish are on their way at once. */
const AT_ONCE = 50;
/** All of a burst start at once: the last of nine hundred waits after a minute and a half. */
const WAITS_WITHIN_MS = 600_000;
/** V8 gives back what a burst has taken a minute later. */
const SETTLES_WITHIN_MS = 180_000;
const STEADY_FOR_MS = 30_000;
/** A share of the whole: less is noise. */
const STEADY_WITHIN = 0.01;

interface Footprint extends SelfObserved {
  /** Once it falls no more. */
  readonly rssKiB: number;
  /** The most since the last look. */
  readonly highWaterKiB: number;
  readonly sockets: number;
}

/** A worker made as the program makes it, which tells of itself what no outsider can see. */
export const footprint: Row = {
  name: 'footprint',
  question: 'What does a waiting operation cost the worker, and does anything grow with finished ones?',
  limitMs: 40 * 60_000,
  async measure(bench, quick): Promise<Measured> {
    const steps = quick ? [20, 100] : [100, 1_000];
    const env = await bench.open({
      name: 'footprint',
      flags: { 'clone-ms': QUICK_MS, 'max-clones': 5_000 },
      limits: { tasksInFlight: 2_000 },
    });
    const host = hostWorker(env);
    const look = async (): Promise<Footprint> => {
      const highWaterKiB = memoryOf(host.pid, 'VmHWM');
      await untilSteady(host.pid);
      const observed = (await host.ask('observe')) as SelfObserved;
      const rssKiB = memoryOf(host.pid, 'VmRSS');
      forgetHighWater(host.pid);
      return { ...observed, rssKiB, highWaterKiB, sockets: socketsOf(host.pid) };
    };
    const found: [string, Footprint][] = [['idle', await look()]];
    const finishedEach = quick ? 50 : FINISHED_EACH;
    // What a process takes from the system for its first thousand operations it keeps: that is not the price of a wait.
    await bench.until('the first to finish', finish(env, 0, finishedEach));
    found.push([`${finishedEach} finished`, await look()]);
    await env.control.settings({ cloneMs: LONG_MS });
    let waiting = 0;
    for (const step of steps) {
      await bench.until(`${step} waits`, startWaits(env, waiting, step));
      waiting = step;
      found.push([`${step} waiting`, await look()]);
    }
    await env.control.settings({ cloneMs: QUICK_MS });
    for (const round of quick ? [1] : [1, 2]) {
      await bench.until(`round ${round}`, finish(env, round, finishedEach));
      found.push([`and ${round * finishedEach} finished`, await look()]);
    }
    const at = (index: number) => found.at(index)![1];
    const more = steps[1]! - steps[0]!;
    const perWait = (at(3).rssKiB - at(2).rssKiB) / more;
    const perStart = (at(3).highWaterKiB - at(2).rssKiB) / more;
    return {
      columns: [
        'state',
        'RSS MiB, steady',
        'RSS MiB, high water',
        'heap MiB',
        'sockets',
        'timers',
        'event loop delay p99 ms',
      ],
      lines: found.map(([state, { rssKiB, highWaterKiB, heapKiB, sockets, timers, loopDelayP99Ms }]) => [
        state,
        rounded(rssKiB / 1_024),
        rounded(highWaterKiB / 1_024),
        rounded(heapKiB / 1_024),
        sockets,
        timers,
        rounded(loopDelayP99Ms),
      ]),
      targets: [
        atMost(
          `memory of a waiting operation beyond a cache of ${CACHED} workflows, steady`,
          perWait,
          64,
          'KiB',
        ),
        atMost(`memory of each while ${more} start at once, high water`, perStart, 200, 'KiB'),
        atMost('event loop delay p99 while they wait', at(3).loopDelayP99Ms, 100, 'ms'),
        ...(quick
          ? []
          : [
              atMost('sockets more after 1000 finished operations', at(-1).sockets - at(-2).sockets, 4, ''),
              atMost(
                'heap more after 1000 finished operations',
                (at(-1).heapKiB - at(-2).heapKiB) / FINISHED_EACH,
                5,
                'KiB each',
              ),
            ]),
      ],
      notMeasured: ['ten thousand waits on Temporal: the watcher row has them on a driven clock'],
    };
  },
};

/** The workflow cache is set, so that what is beyond it can be told. */
const CACHED = 50;

/** A worker in a process of its own that tells of itself when it is asked. */
const hostWorker = ({ start, workerEnv }: ProcessEnvironment) =>
  start(['--expose-gc', '--import', 'tsx', join(__dirname, '..', 'worker-host.ts')], {
    ...workerEnv,
    BENCH_CACHED_WORKFLOWS: String(CACHED),
  });

async function startWaits(
  { snapflow, connection }: ProcessEnvironment,
  from: number,
  until: number,
): Promise<void> {
  const names = Array.from({ length: until - from }, (_, n) => `w-${from + n}`);
  const clones = await Promise.all(
    names.map((name) =>
      snapflow.clone({ connection, vm: 'web-01', snapshot: 'latest', name }, { requestId: name }),
    ),
  );
  for (const clone of clones)
    await eventually(
      `${clone.id} waits`,
      async () => (await clone.describe()).phase === 'wait',
      WAITS_WITHIN_MS,
    );
}

async function finish(
  { snapflow, connection }: ProcessEnvironment,
  round: number,
  count: number,
): Promise<void> {
  for (let first = 0; first < count; first += AT_ONCE) {
    const names = Array.from({ length: AT_ONCE }, (_, n) => `f-${round}-${first + n}`);
    await Promise.all(
      names.map(async (name) =>
        (
          await snapflow.clone({ connection, vm: 'web-01', snapshot: 'latest', name }, { requestId: name })
        ).result(),
      ),
    );
  }
}

/** What a process of Linux has open. */
function socketsOf(pid: number): number {
  const folder = join('/proc', String(pid), 'fd');
  return readdirSync(folder).filter((fd) => {
    try {
      return readlinkSync(join(folder, fd)).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;
}

function memoryOf(pid: number, what: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(join('/proc', String(pid), 'status'), 'utf8');
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]);
}

/** The high water begins anew from what is in use; 5 is the word of proc(5) for it. */
const forgetHighWater = (pid: number): void => writeFileSync(join('/proc', String(pid), 'clear_refs'), '5');

/** Until the memory in use has not fallen for a while. */
async function untilSteady(pid: number): Promise<void> {
  const giveUpAt = performance.now() + SETTLES_WITHIN_MS;
  for (let last = Infinity; performance.now() < giveUpAt;) {
    const now = memoryOf(pid, 'VmRSS');
    if (now > last * (1 - STEADY_WITHIN)) return;
    last = now;
    await sleep(STEADY_FOR_MS);
  }
}
