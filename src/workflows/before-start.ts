import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { MayHavePostedInput } from '../contract/recollection';
import { patiently } from './activity-calls';
import type { Status } from './status';

/**
 * The steps before the start. A stop ends them, and with them the run, unless an earlier run of the request may have
 * posted: then this run is one that was ever unknown, and looks before it ends in any way (E5). It does the steps again,
 * shielded, and the stop acts where the outcome is known.
 */
export class BeforeStart {
  private isShielded = false;

  constructor(private readonly status: Status) {}

  async do<T>(step: () => Promise<T>): Promise<T> {
    if (!this.isShielded) {
      try {
        return await step();
      } catch (error) {
        if (!isCancellation(error) || !(await this.mayHavePosted())) throw error;
        this.isShielded = true;
      }
    }
    return CancellationScope.nonCancellable(step);
  }

  private mayHavePosted(): Promise<boolean> {
    return CancellationScope.nonCancellable(async () => {
      const { mayHavePosted } = await askWhetherPosted(this.status, {});
      return mayHavePosted;
    });
  }
}

/** One activity, in whatever run: that a reset made this one can only be told by an activity. */
export const askWhetherPosted = (status: Status, input: MayHavePostedInput) =>
  patiently('read whether an earlier run of this request may have posted', status, (a) =>
    a.mayHavePosted(input),
  );
