import { proxyActivities, sleep } from '@temporalio/workflow';
import type { NaiveActivities } from './naive-activities';

const { nothing, check, start, status, verify } = proxyActivities<NaiveActivities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 3 },
});

/** What the engine itself costs. */
export async function empty(): Promise<void> {}

/** The unit of the throughput targets: a workflow with one activity that does nothing. */
export async function oneActivity(): Promise<void> {
  await nothing();
}

/** What people write first: check, post, a timer and an activity for each look, verify. No lock, no look, no undo. */
export async function naiveClone(name: string): Promise<string> {
  const source = await check('web-01');
  const taskId = await start(source, name);
  for (;;) {
    await sleep('5 seconds');
    const { state, vmId } = await status(taskId);
    if (state === 'SUCCEEDED') {
      await verify(vmId);
      return vmId;
    }
    if (state === 'FAILED') throw new Error(`task ${taskId} failed`);
  }
}
