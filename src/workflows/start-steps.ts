import { ActivityFailure } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import type { Exclusion, LookTarget, StartGuards } from '../contract/activities';
import type { StartOutcome } from '../contract/evidence';
import type { OperationSettings } from '../contract/settings';
import { patiently } from './activity-calls';
import { awaitEnd } from './await-end';
import { askWhetherPosted } from './before-start';
import type { StartSteps } from './obtain-effect';
import type { RunTrace } from './run-trace';
import type { Status } from './status';

/** What the steps of one start are bound to. */
export interface StartContext {
  readonly connection: string;
  /** How the effect is called in summaries, for example `clone ci-42`. */
  readonly called: string;
  readonly settings: OperationSettings;
  readonly exclusion: Exclusion;
  readonly target: LookTarget;
  readonly start: (guards: StartGuards) => Promise<StartOutcome>;
  readonly status: Status;
  readonly trace: RunTrace;
}

/** The loop's steps, each one activity. */
export function startSteps({ settings, status, trace, ...context }: StartContext): StartSteps {
  let quarantinedRunId: string | undefined;
  return {
    quarantineMs: settings.quarantineMs,
    startBudgetMs: settings.startBudgetMs,
    post: () => orUnknown(context.start(guards(context.exclusion, settings, quarantinedRunId))),
    recall: async () => {
      const earlier = await patiently('read what earlier runs of this request recorded', status, (a) =>
        a.recallEarlierRuns(context.exclusion),
      );
      // A quarantine always follows. The run id is the activity's, from history: a later reset must not pass for the run
      // that waited, not even one to the moment after the quarantine (E11).
      quarantinedRunId = earlier.runId;
      trace.saw(earlier.runId);
      return earlier;
    },
    hasForgotten: async () => {
      const knowingRunId = quarantinedRunId ?? workflowInfo().originalExecutionRunId;
      const { runId, mayHavePosted } = await askWhetherPosted(status, { knowingRunId });
      trace.saw(runId);
      return mayHavePosted;
    },
    look: async () => {
      const look = await patiently(`look for what the start of ${context.called} did`, status, (a) =>
        a.lookForEffect({ ...context.target, exclusion: context.exclusion, depth: 'after-unknown' }),
      );
      trace.saw(look.runId);
      return look;
    },
    awaitTask: async (taskId, isOurs) => {
      const end = await awaitEnd({ ...context, settings, taskId, isOurs }, status);
      trace.saw(end.runId);
      return end;
    },
  };
}

const guards = (
  exclusion: Exclusion,
  settings: OperationSettings,
  quarantinedRunId: string | undefined,
): StartGuards => ({
  exclusion,
  settings: { startToCloseMs: settings.startToCloseMs },
  originalRunId: workflowInfo().originalExecutionRunId,
  ...(quarantinedRunId === undefined ? {} : { quarantinedRunId }),
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
