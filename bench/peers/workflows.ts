import {
  condition,
  ParentClosePolicy,
  proxyActivities,
  proxyLocalActivities,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { NaiveActivities } from './naive-activities';

const { nothing, check, start, status, verify } = proxyActivities<NaiveActivities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 3 },
});

const local = proxyLocalActivities<NaiveActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 3 },
});

/** What the engine itself costs. */
export async function empty(): Promise<void> {}

/** The unit of the throughput targets: a workflow with one activity that does nothing. */
export async function oneActivity(): Promise<void> {
  await nothing();
}

/** The shape of our clone without its work: a lock, then check, start, wait and verify, each an activity. */
export async function lockAndFourActivities(): Promise<void> {
  await takeLock();
  for (let activity = 0; activity < 4; activity++) await nothing();
}

/** The same without the lock: what exclusion costs. */
export async function fourActivities(): Promise<void> {
  for (let activity = 0; activity < 4; activity++) await nothing();
}

/** The same with check and verify as local activities: what that would save. */
export async function lockAndTwoActivities(): Promise<void> {
  await takeLock();
  await local.nothing();
  for (let activity = 0; activity < 2; activity++) await nothing();
  await local.nothing();
}

async function takeLock(): Promise<void> {
  await startChild(hold, {
    workflowId: `${workflowInfo().workflowId}-lock`,
    parentClosePolicy: ParentClosePolicy.TERMINATE,
  });
}

/** A lock is held while it runs; the server ends it with its holder. */
export const hold = (): Promise<void> => condition(() => false);

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
