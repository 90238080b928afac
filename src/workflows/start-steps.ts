import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { isCancellation, workflowInfo } from '@temporalio/workflow';
import type {
  Exclusion,
  LookTarget,
  OnSite,
  StartGuards,
  VerifiedAtEnd,
  VerifyAtEnd,
} from '../contract/activities';
import type { Look, StartOutcome, Recollection } from '../contract/evidence';
import { omitUndefined } from '../contract/omit-undefined';
import type { OperationSettings } from '../contract/operations';
import type { NamingAnswer } from '../contract/resolve';
import { checkingAnswer, patiently } from './activity-calls';
import { awaitEnd } from './await-task';
import type { Asking } from './decide';
import type { Growth } from './growth';
import { knownBefore } from './operator-question';
import type { End, Evidence, Known } from './phases';
import { askWhetherPosted, UndisturbedStep, type ResetDetector } from './reset';
import type { Status } from './status';

/** The steps that the loop of a start takes. Each is one activity. */
export interface StartSteps {
  /**
   * `seen`: the look that the decision to post comes from. `isFirst`: before all others that wait for a place there.
   * Undefined: it was cancelled while it waited, so it never began.
   */
  readonly post: (seen: Look, isFirst: boolean) => Promise<StartOutcome | undefined>;
  readonly recall: () => Promise<Recollection>;
  /** Whether earlier runs may have posted and this very run has not recalled them: a reset made it. */
  readonly hasForgotten: () => Promise<boolean>;
  readonly look: (known: Known) => Promise<Look>;
  /** `baseline`: what the effect of our own task is verified against. */
  readonly awaitTask: (taskId: string, isOurs: boolean, baseline: Look) => Promise<End>;
  /** What the wait has verified, where it has just ended and nothing else happened meanwhile. */
  readonly verified: () => VerifiedAtEnd | undefined;
  /** Rejects where what an operator names cannot be the effect. */
  readonly checkAnswer: (evidence: Evidence<Asking>, answer: NamingAnswer) => Promise<void>;
  readonly quarantineMs: number;
  /** How long a call of a dead worker is waited for, once a check has found nothing of it. */
  readonly lateCallMs: number;
  readonly startBudgetMs: number;
  /** Of an undo alone: after so long a refusal it asks whether to go on. */
  readonly undoBudgetMs?: number;
}

/** What the steps of one start are bound to. */
export interface StartContext extends OnSite {
  /** How the effect is called in summaries, for example `clone ci-42`. */
  readonly called: string;
  readonly settings: OperationSettings;
  /** Absent with an own name. */
  readonly exclusion?: Exclusion;
  readonly target: LookTarget;
  readonly start: (guards: StartGuards, seen: Look, isFirst: boolean) => Promise<StartOutcome>;
  /** Absent: its effect is verified by a step of its own. */
  readonly verifyAtEnd?: (baseline: Look) => VerifyAtEnd;
  readonly status: Status;
  readonly trace: ResetDetector;
  readonly growth: Growth;
  /** Of an undo alone. */
  readonly undoBudgetMs?: number;
}

/** The loop's steps, each one activity. */
export function startSteps({ settings, status, trace, growth, ...context }: StartContext): StartSteps {
  let quarantinedRunId: string | undefined;
  const held = omitUndefined({ exclusion: context.exclusion });
  return {
    ...waitsOf(settings),
    ...omitUndefined({ undoBudgetMs: context.undoBudgetMs }),
    post: (...how) =>
      orUnknown(settings, context.start({ ...held, ...guards(settings, quarantinedRunId) }, ...how)),
    recall: async () => {
      const earlier = await patiently('read what earlier runs of this request recorded', status, (a) =>
        a.recallEarlierRuns(context.exclusion ?? {}),
      );
      // A safety wait always follows. The run id is the activity's, from history: a later reset must not pass for the run
      // that waited, not even one to the moment after the quarantine (E11).
      quarantinedRunId = earlier.runId;
      trace.record(earlier.runId);
      return earlier;
    },
    hasForgotten: async () => {
      const knowingRunId = quarantinedRunId ?? workflowInfo().originalExecutionRunId;
      const { runId, mayHavePosted } = await askWhetherPosted(status, { knowingRunId });
      trace.record(runId);
      return mayHavePosted;
    },
    look: async ({ baseline: { seenAt: since } }) => {
      const look = await patiently(`check vSphere for what the start of ${context.called} did`, status, (a) =>
        a.lookForEffect({
          ...context.target,
          ...held,
          depth: 'after-unknown',
          ...omitUndefined({ since }),
        }),
      );
      trace.record(look.runId);
      return look;
    },
    ...waitSteps({ settings, status, trace, growth, ...context }),
    checkAnswer: (evidence, answer) => {
      const named = answer.kind === 'vm' ? answer.vmId : `task ${answer.taskId}`;
      return checkingAnswer(`check ${named}, which an operator named`).checkAnswer({
        answer,
        ...held,
        target: context.target,
        ...knownBefore(evidence),
      });
    },
  };
}

function waitSteps({
  status,
  trace,
  growth,
  verifyAtEnd,
  ...context
}: StartContext): Pick<StartSteps, 'awaitTask' | 'verified'> {
  let last: { readonly wait: UndisturbedStep; readonly verified?: VerifiedAtEnd } | undefined;
  return {
    awaitTask: async (taskId, isOurs, baseline) => {
      const verify = isOurs ? verifyAtEnd?.(baseline) : undefined;
      const awaited = { ...context, taskId, isOurs, ...omitUndefined({ verify }) };
      const wait = new UndisturbedStep();
      const { end, ...found } = await awaitEnd(awaited, status, growth);
      if (end.kind !== 'overdue') trace.record(end.runId);
      last = { wait, ...found };
      return end;
    },
    verified: () => (last?.wait.hasJustEnded === true ? last.verified : undefined),
  };
}

const waitsOf = ({ quarantineMs, lateCallMs = 0, startBudgetMs }: OperationSettings) => ({
  quarantineMs,
  lateCallMs,
  startBudgetMs,
});

const guards = (settings: OperationSettings, quarantinedRunId: string | undefined): StartGuards => ({
  settings: { startToCloseMs: settings.startToCloseMs },
  originalRunId: workflowInfo().originalExecutionRunId,
  ...omitUndefined({ quarantinedRunId }),
});

/**
 * Any end of a start other than a returned value is unknown: the attempt may have posted. An error that it threw is its
 * worker's word: it has given its call up, and a call that is given up is reset. Settings of an older run have no
 * `lateCallMs`: it is replayed as it was. Only the server cancels one, and only one that no worker has taken: `startOnce`
 * never reports a cancellation.
 */
async function orUnknown(
  { lateCallMs }: Pick<OperationSettings, 'lateCallMs'>,
  start: Promise<StartOutcome>,
): Promise<StartOutcome | undefined> {
  try {
    return await start;
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    if (isCancellation(error)) return undefined;
    const { cause } = error;
    const outcome = { kind: 'unknown', reason: cause?.message ?? error.message } as const;
    if (cause instanceof ApplicationFailure || lateCallMs === undefined) return outcome;
    return { ...outcome, withoutWord: true };
  }
}
