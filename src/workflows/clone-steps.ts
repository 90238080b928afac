import { ActivityFailure } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import type { CloneTarget, Exclusion, PreparedLinkedClone } from '../contract/activities';
import type { StartOutcome, TaskEnd } from '../contract/evidence';
import { reading, starting, waiting } from './activity-calls';
import type { StartSteps } from './obtain-clone';
import { shownWhenOverdue } from './overdue';
import type { RunTrace } from './run-trace';
import type { Status } from './status';

/** The loop's steps for a clone, bound to what `prepare` resolved. */
export function cloneSteps(
  prepared: PreparedLinkedClone,
  { exclusion, status, trace }: { exclusion: Exclusion; status: Status; trace: RunTrace },
): StartSteps {
  const target = cloneTarget(prepared);
  const { settings, vmName, snapshotName, name } = prepared;
  let quarantinedRunId: string | undefined;
  return {
    quarantineMs: settings.quarantineMs,
    post: () =>
      orUnknown(
        starting(
          `post the clone ${vmName} @ ${snapshotName} -> ${name}`,
          settings.startToCloseMs,
        ).startLinkedClone({
          ...target,
          snapshotId: prepared.snapshotId,
          placement: prepared.placement,
          exclusion,
          originalRunId: workflowInfo().originalExecutionRunId,
          ...(quarantinedRunId === undefined ? {} : { quarantinedRunId }),
          settings,
        }),
      ),
    recall: () => reading('read what earlier runs of this request recorded').recallEarlierRuns(),
    look: async () => {
      const look = await reading(`look for tasks and machines of ${name}`).lookForEffect({
        ...target,
        depth: 'after-unknown',
      });
      // The look's own run id, from history: a later reset must not pass for the run that waited (E11).
      quarantinedRunId = look.runId;
      trace.saw(look.runId);
      return look;
    },
    awaitTask: async (taskId) => {
      const end = await awaitTask(prepared, taskId, status);
      trace.saw(end.runId);
      return end;
    },
  };
}

export const cloneTarget = ({
  connection,
  clusterId,
  vmId,
  name,
  folderId,
}: PreparedLinkedClone): CloneTarget => ({
  connection,
  clusterId,
  vmId,
  name,
  folderId,
});

/** Any end of a start other than a returned value is unknown: the attempt may have posted. */
async function orUnknown(start: Promise<StartOutcome>): Promise<StartOutcome> {
  try {
    return await start;
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return { kind: 'unknown', reason: error.cause?.message ?? error.message };
  }
}

function awaitTask(prepared: PreparedLinkedClone, taskId: string, status: Status): Promise<TaskEnd> {
  const { connection, name, settings } = prepared;
  const { heartbeatTimeoutMs, waitBudgetMs } = settings;
  const waited = waiting(`wait for the task that makes ${name}`, heartbeatTimeoutMs).awaitTask({
    connection,
    taskId,
    heartbeatTimeoutMs,
  });
  return shownWhenOverdue(waitBudgetMs, waited, {
    begin: () =>
      status.set(
        'wait',
        `task \`${taskId}\` is overdue; it is not failed by time: look at it in vSphere`,
        'overdue',
      ),
    end: () => status.set('wait', `task \`${taskId}\` has ended`),
  });
}
