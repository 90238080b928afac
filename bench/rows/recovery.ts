import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../test/environment/eventually';
import { median } from '../percentile';
import { atMost, rounded, type Measured, type Row } from '../row';

const HEARTBEAT_TIMEOUT_MS = 30_000;
const LIMIT_MS = HEARTBEAT_TIMEOUT_MS + 3_000;

/** Two workers; the one that waits is killed; every wait must be another attempt, on the other worker. */
export const recovery: Row = {
  name: 'recovery',
  question: 'After the SIGKILL of a worker with 100 waits, when is each watched again?',
  limitMs: 10 * 60_000,
  async measure(bench, quick): Promise<Measured> {
    const waits = quick ? 20 : 100;
    const env = await bench.open({
      name: 'recovery',
      flags: { 'clone-ms': 600_000, 'max-clones': 500 },
      operation: { heartbeatTimeoutMs: HEARTBEAT_TIMEOUT_MS },
    });
    const victim = await env.startWorker();
    const clones = await Promise.all(
      Array.from({ length: waits }, (_, n) =>
        env.snapflow.clone(
          { connection: env.connection, vm: 'web-01', snapshot: 'latest', name: `r-${n}` },
          { requestId: `r-${n}` },
        ),
      ),
    );
    for (const clone of clones)
      await eventually('it waits', async () => (await clone.describe()).phase === 'wait', 120_000);
    const { workflow } = env.temporal;
    await env.startWorker();
    // Beyond the first minute's frequent heartbeats, where the time-out is felt in full.
    await sleep(quick ? 5_000 : 65_000);
    victim.signal('SIGKILL');
    await victim.ended;
    const killedAt = Date.now();
    const again = new Set<string>();
    const tookMs: number[] = [];
    await eventually(
      'every wait was taken over',
      async () => {
        for (const { workflowId } of clones.filter((each) => !again.has(each.workflowId))) {
          const { raw } = await workflow.getHandle(workflowId).describe();
          const [pending] = raw.pendingActivities ?? [];
          const startedMs = Number(pending?.lastStartedTime?.seconds ?? 0) * 1_000;
          if ((pending?.attempt ?? 1) < 2 || startedMs < killedAt - 1_000) continue;
          again.add(workflowId);
          tookMs.push(Date.now() - killedAt);
        }
        return again.size === clones.length;
      },
      120_000,
    );
    return {
      columns: ['waits', 'first ms', 'p50 ms', 'last ms'],
      lines: [[waits, Math.min(...tookMs), rounded(median(tookMs)), Math.max(...tookMs)]],
      targets: [
        atMost('the last one, with a heartbeat time-out of 30 s', Math.max(...tookMs), LIMIT_MS, 'ms'),
      ],
      notMeasured: ['a worker that has to start first: about two seconds more'],
    };
  },
};
