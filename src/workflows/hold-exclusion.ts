import { CancellationScope, condition } from '@temporalio/workflow';

/**
 * The lock of one clone name or virtual machine: it is held while this workflow runs. It does nothing, ignores cancels,
 * and is terminated by the server when its parent, the holder, closes. See docs/decisions/0003-exclusion.md.
 */
export async function holdExclusion(_holder: { readonly originalRunId: string }): Promise<void> {
  await CancellationScope.nonCancellable(() => condition(() => false));
}
