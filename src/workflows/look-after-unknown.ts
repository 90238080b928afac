import { workflowInfo } from '@temporalio/workflow';
import type { LookTarget } from '../contract/activities';
import type { Look } from '../contract/evidence';
import { patiently } from './activity-calls';
import type { Status } from './status';

/** A look that everything counts in; in a run that a reset made it waits out a quarantine of its own first (E11). */
export const lookAfterUnknown = (
  target: LookTarget,
  summary: string,
  quarantineMs: number,
  status: Status,
): Promise<Look> =>
  patiently(
    summary,
    status,
    (a) =>
      a.lookForEffect({
        ...target,
        depth: 'after-unknown',
        originalRunId: workflowInfo().originalExecutionRunId,
        quarantineMs,
      }),
    quarantineMs,
  );
