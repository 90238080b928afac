import { TaskWatcher } from '../../src/vsphere';
import { DrivenTasks } from '../driven/tasks';
import { VirtualTime } from '../driven/virtual-time';
import { LOOPS } from '../peers/poll-loop';
import { atMost, rounded, type Measured, type Row } from '../row';

const TASK_MS = 60_000;
const WARM_UP_MS = 2 * TASK_MS;

interface Load {
  readonly callsPerSecond: number;
  readonly callsPerOperation: number;
}

type Wait = (taskId: string) => Promise<unknown>;

/** So many operations are in flight all the time: one that ends is followed by another. */
export const calls: Row = {
  name: 'calls',
  question: 'How many calls does waiting for tasks of 60 s cost the appliance (driven clock)?',
  limitMs: 5 * 60_000,
  async measure(_stack, quick): Promise<Measured> {
    const forMs = quick ? 60_000 : 600_000;
    const lines: (string | number)[][] = [];
    const ours = new Map<number, Load>();
    const official = new Map<number, Load>();
    for (const inFlight of quick ? [100, 1_000] : [1, 10, 100, 1_000]) {
      const found = await load(inFlight, forMs, watching);
      ours.set(inFlight, found);
      lines.push([
        inFlight,
        'snapflow: one watcher',
        rounded(found.callsPerSecond),
        rounded(found.callsPerOperation),
      ]);
      for (const loop of LOOPS) {
        const peer = await load(inFlight, forMs, looping(loop.intervalMs));
        if (loop === LOOPS[0]) official.set(inFlight, peer);
        lines.push([inFlight, loop.name, rounded(peer.callsPerSecond), rounded(peer.callsPerOperation)]);
      }
    }
    const at = (loads: Map<number, Load>, inFlight: number) => loads.get(inFlight)!.callsPerSecond;
    return {
      columns: ['in flight', 'who', 'calls/s', 'calls an operation'],
      lines,
      targets: [
        atMost('calls at 100, as a share of the official loop', at(ours, 100) / at(official, 100), 0.1, ''),
        atMost('growth from 100 to 1000 in flight', at(ours, 1_000) / at(ours, 100), 1.05, 'times'),
      ],
      notMeasured: ['the fifteen calls of each operation before and after its wait'],
    };
  },
};

async function load(
  inFlight: number,
  forMs: number,
  waiter: (time: VirtualTime, appliance: DrivenTasks) => Wait,
): Promise<Load> {
  const time = new VirtualTime();
  const appliance = new DrivenTasks(time, 'uneven');
  const wait = waiter(time, appliance);
  let ended = 0;
  let count = 0;
  const operate = async (offsetMs: number): Promise<never> => {
    await time.sleep(offsetMs);
    for (;;) {
      const taskId = `task-${++count}`;
      appliance.add({ taskId, startMs: time.nowMs, endMs: time.nowMs + TASK_MS });
      await wait(taskId);
      appliance.tasks.delete(taskId);
      ended += 1;
    }
  };
  for (let n = 0; n < inFlight; n++) void operate((n * TASK_MS) / inFlight);
  await time.run(WARM_UP_MS);
  const before = { calls: appliance.calls, ended };
  await time.run(WARM_UP_MS + forMs);
  const made = appliance.calls - before.calls;
  return { callsPerSecond: made / (forMs / 1_000), callsPerOperation: made / (ended - before.ended) };
}

function watching(time: VirtualTime, appliance: DrivenTasks): Wait {
  const watcher = new TaskWatcher(appliance, { clock: time.clock, schedule: time.schedule });
  return (taskId) => watcher.watch(taskId, () => undefined, new AbortController().signal);
}

const looping =
  (intervalMs: number) =>
  (time: VirtualTime, appliance: DrivenTasks): Wait =>
  async (taskId) => {
    while ((await appliance.getTask(taskId)).status === 'RUNNING') await time.sleep(intervalMs);
  };
