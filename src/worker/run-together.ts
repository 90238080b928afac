import type { Worker } from '@temporalio/worker';

type Running = Pick<Worker, 'run' | 'shutdown' | 'getState'>;

/** A drain takes 20 s at most, so whoever has not ended after this never will. */
const ENDS_WITHIN_MS = 25_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Runs workers until all have ended. When one fails the others are drained: half a worker would leave operations that look
 * alive. The SDK's `run()` of a worker that failed waits for its activities, and a wait lasts as long as a clone; a process
 * that lives on and does nothing is worse than one that ends, so nobody waits for them.
 */
export async function runTogether(
  workers: readonly Running[],
  { endsWithinMs = ENDS_WITHIN_MS, lookEveryMs = LOOK_EVERY_MS } = {},
): Promise<void> {
  const runs = workers.map((worker) => worker.run());
  const failure = whenFailed(workers, lookEveryMs);
  try {
    await Promise.race([Promise.all(runs), failure.seen]);
  } catch (error) {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await within(endsWithinMs, Promise.allSettled(runs));
    throw error;
  } finally {
    failure.stop();
  }
}

function whenFailed(workers: readonly Running[], everyMs: number) {
  let stop: () => void = () => undefined;
  const seen = new Promise<never>((_resolve, reject) => {
    let looks = 0;
    const timer = setInterval(() => {
      if (!workers.some((worker) => worker.getState() === 'FAILED')) return;
      // Its own `run()` tells why, and mostly does so at once.
      if (++looks > 1) reject(new Error('a worker failed for the reason that was logged, and does not end'));
    }, everyMs);
    stop = () => clearInterval(timer);
  });
  return { seen, stop };
}

async function within(ms: number, done: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([done, late]);
  clearTimeout(timer);
}
