import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { Exclusion } from '../contract/activities';
import { reading } from './activity-calls';

/**
 * The server ends a lock with its holder, but not with a run that a reset made of its holder (seen on 1.29.1): such a run
 * ends the lock itself. An original run pays nothing.
 */
export async function releaseAfterReset<T>(exclusion: Exclusion, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } finally {
    const { runId, originalExecutionRunId } = workflowInfo();
    if (runId !== originalExecutionRunId) {
      await CancellationScope.nonCancellable(() =>
        reading(`release ${exclusion.lockId}`).releaseExclusion(exclusion),
      );
    }
  }
}
