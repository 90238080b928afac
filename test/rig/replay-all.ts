import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';

/**
 * Replays every history that a task queue has had, finished or not. A step that the code would now take in another order
 * is an error of the test.
 */
export async function replayAll(
  client: Client,
  taskQueue: string,
  workflowBundle: { code: string },
): Promise<number> {
  let replayed = 0;
  const histories = client.workflow.list({ query: `TaskQueue = '${taskQueue}'` }).intoHistories();
  for await (const result of Worker.runReplayHistories({ workflowBundle }, histories)) {
    if (result.error !== undefined)
      throw new Error(`replay of ${result.workflowId}: ${result.error.message}`);
    replayed += 1;
  }
  return replayed;
}
