import { CancellationScope } from '@temporalio/workflow';
import type { Exclusion } from '../contract/activities';
import { reading } from './activity-calls';
import type { RunTrace } from './run-trace';

/**
 * The server ends a lock with its holder, but not with a run that a reset made of its holder (seen on 1.29.1): such a run
 * ends the lock itself. An original run pays nothing. Where no activity ran after the reset, the lock stays until the
 * next request for it finds its holder closed.
 */
export async function releaseAfterReset<T>(
  exclusion: Exclusion,
  trace: RunTrace,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } finally {
    if (trace.wasReset) {
      await CancellationScope.nonCancellable(() =>
        reading(`release ${exclusion.lockId}`).releaseExclusion(exclusion),
      );
    }
  }
}
