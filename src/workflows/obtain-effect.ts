import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { sleep, workflowInfo } from '@temporalio/workflow';
import { backoffMs } from '../contract/backoff';
import type { Exclusion, LookTarget, OnSite, StartGuards } from '../contract/activities';
import type { Look, StartOutcome, Recollection } from '../contract/evidence';
import type { Failure } from '../contract/failures';
import { omitUndefined } from '../contract/omit-undefined';
import type { OperationSettings } from '../contract/operations';
import type { NamingAnswer } from '../contract/resolve';
import { checkingAnswer, patiently } from './activity-calls';
import { awaitEnd } from './await-task';
import { decide, type Asking, type Decision, type Obtained } from './decide';
import {
  afterRecall,
  beforeRecall,
  afterEnd,
  afterLook,
  afterPause,
  afterQuarantine,
  afterStart,
} from './evidence';
import type { End, Evidence, Known, Stale } from './phases';
import { toApplicationFailure } from './refusals';
import { askWhetherPosted, type RunTrace } from './reset';
import { knownBefore, resolved } from './operator-question';
import type { RunContext, Stop } from './run';
import type { Status } from './status';
import { startShown } from './status-texts';

const FIRST_PAUSE_MS = 1_000;
/** A start goes on soon after an outage: within half a minute after one of a minute. */
const LONGEST_IN_OUTAGE_MS = 20_000;
/** About half an hour of the former. An outage of days must not fill the history, of which each pause takes some events. */
const PAUSES_IN_OUTAGE = 120;
/** Capacity returns when other tasks end, which takes long. */
const LONGEST_PAUSE_MS = 600_000;

/** Refusals that last as long as other tasks do: no capacity, or a task that is open on the machine. */
const WANT_OF_ROOM: readonly string[] = ['Rejected', 'Busy'];

/**
 * How long to wait after each refusal of a start: growing, anew for each kind.
 */
export class Pauses {
  private type = '';
  private count = 0;

  nextMs({ type }: Pick<Failure, 'type'>, atLeastMs = 0): number {
    if (type !== this.type) this.count = 0;
    this.type = type;
    const nth = this.count++;
    const isShort = !WANT_OF_ROOM.includes(type) && nth < PAUSES_IN_OUTAGE;
    const longestMs = isShort ? LONGEST_IN_OUTAGE_MS : LONGEST_PAUSE_MS;
    return Math.max(backoffMs(nth, { firstMs: FIRST_PAUSE_MS, longestMs }), atLeastMs);
  }
}

/** The steps that the loop takes. Each is one activity. */
export interface StartSteps {
  /** `seen`: the look that the decision to post comes from. */
  readonly post: (seen: Look) => Promise<StartOutcome>;
  readonly recall: () => Promise<Recollection>;
  /** Whether earlier runs may have posted and this very run has not recalled them: a reset made it. */
  readonly hasForgotten: () => Promise<boolean>;
  readonly look: (known: Known) => Promise<Look>;
  readonly awaitTask: (taskId: string, isOurs: boolean) => Promise<End>;
  /** Rejects where what an operator names cannot be the effect. */
  readonly checkAnswer: (evidence: Evidence<Asking>, answer: NamingAnswer) => Promise<void>;
  readonly quarantineMs: number;
  readonly startBudgetMs: number;
}

/** The effect, and what was there before it: in a run that a reset made that is what the first run saw. */
export type Effect = Obtained & {
  readonly baseline: Look;
  /** The account, as tasks of its own have shown that the service spells it. */
  readonly user: string;
};

/**
 * The start as a loop of the workflow, not a retry policy: decide, do, gather evidence, decide again. It ends when the
 * effect is there, when it is certain that it never will be, or when a stop is requested and nothing is left. The caller
 * shields it from cancellation: a stop is honoured only where nothing is unknown.
 */
export async function obtainEffect(
  initial: Evidence,
  steps: StartSteps,
  { status, stop, operator }: Pick<RunContext, 'status' | 'stop' | 'operator'>,
): Promise<Effect> {
  let evidence = initial;
  const pauseBecause = pauser(steps.startBudgetMs, stop, status);
  for (;;) {
    const decision = decide(evidence);
    const { known } = evidence;
    switch (decision.kind) {
      case 'done':
        return { ...decision, baseline: known.baseline, user: known.user };
      case 'fail':
        throw toApplicationFailure(decision.failure);
      case 'post':
        evidence = stop.requested()
          ? await recalledOrEnded(known, steps, stop)
          : await posted(known, decision.phase, steps, { status, pauseBecause });
        break;
      case 'pause':
        await pauseBecause(decision.because, decision.atLeastMs);
        evidence = afterPause(known, decision.phase);
        break;
      case 'recall':
        evidence = afterRecall(known, await steps.recall());
        break;
      case 'quarantine':
        await quarantine(decision.after, steps.quarantineMs, status);
        evidence = afterQuarantine(known, decision.phase);
        break;
      case 'look':
        evidence = await looked(known, decision.phase, steps, { status, operator });
        break;
      case 'await':
        evidence = afterEnd(
          known,
          decision.phase,
          await steps.awaitTask(decision.taskId, decision.phase.kind === 'ours'),
        );
        break;
      case 'needs-decision':
        evidence = await resolved(known, decision, { status, operator, check: steps.checkAnswer });
    }
  }
}

/** Pauses, longer each time that the reason is the same, and shows it. */
function pauser(
  startBudgetMs: number,
  stop: Stop,
  status: Status,
): (because: Failure, atLeastMs?: number) => Promise<void> {
  const startedAt = Date.now();
  const pauses = new Pauses();
  return (because, atLeastMs) =>
    pause(pauses.nextMs(because, atLeastMs), stop, (pauseMs) =>
      showRefusal(because, pauseMs, Date.now() - startedAt > startBudgetMs, status),
    );
}

/** Where no worker has the site that the request began on, there is nothing to look at: a person has to tell. */
async function looked(
  known: Known,
  phase: Extract<Decision, { kind: 'look' }>['phase'],
  steps: StartSteps,
  { status, operator }: Pick<RunContext, 'status' | 'operator'>,
): Promise<Evidence> {
  status.set('start', startShown.looking());
  try {
    return afterLook(known, phase, await steps.look(known));
  } catch (error) {
    if (!isOtherSite(error) || phase.kind === 'stale') throw error;
    const why = error.cause.message.replace(/\.$/, '');
    const question = { kind: 'needs-decision', why, phase: withoutLook(phase) } as const;
    return resolved(known, question, { status, operator, check: steps.checkAnswer });
  }
}

const withoutLook = (phase: Exclude<Extract<Decision, { kind: 'look' }>['phase'], Stale>): Asking =>
  phase.kind === 'unknown' ? { ...phase, kind: 'looking', candidates: [], look: undefined } : phase;

const isOtherSite = (error: unknown): error is ActivityFailure & { readonly cause: ApplicationFailure } =>
  error instanceof ActivityFailure &&
  error.cause instanceof ApplicationFailure &&
  error.cause.type === 'UnknownConnection';

/** Within it, an effect or a leftover becomes visible. */
async function quarantine(after: string | undefined, forMs: number, status: Status): Promise<void> {
  status.set(
    'start',
    after === undefined ? startShown.quarantine(forMs) : startShown.leftovers(after, forMs),
  );
  const waitedFor =
    after === undefined ? 'an unanswered call may still take effect' : 'what is left may show late';
  await sleep(forMs, { summary: `safety wait: ${waitedFor}` });
}

async function posted(
  known: Known,
  phase: Extract<Decision, { kind: 'post' }>['phase'],
  steps: StartSteps,
  { status, pauseBecause }: { status: Status; pauseBecause: (because: Failure) => Promise<void> },
): Promise<Evidence> {
  status.set('start', startShown.posting());
  const look = phase.kind === 'looking' ? phase.look : undefined;
  const outcome = await steps.post(look ?? known.baseline);
  // A machine that never rests must not fill the history.
  if (outcome.kind === 'stale') await pauseBecause({ type: 'Busy', message: outcome.what });
  return afterStart(known, phase, outcome);
}

/** A stop before a post ends the run, unless earlier runs may have posted and this one has not checked for it (E5). */
async function recalledOrEnded(known: Known, steps: StartSteps, stop: Stop): Promise<Evidence> {
  if (!(await steps.hasForgotten())) stop.end('nothing is left of it');
  return beforeRecall(known);
}

/** An unreachable or failing server is blocked. A long capacity refusal is overdue. Neither ever fails by time. */
function showRefusal({ type, message }: Failure, pauseMs: number, overdue: boolean, status: Status): void {
  const state = type === 'Unreachable' ? 'blocked' : overdue ? 'overdue' : 'running';
  status.set('start', startShown.refused(message, pauseMs, status), state);
}

/** Nothing is unknown while a run pauses after a refusal, unless it was before. Then the next decision looks first. */
async function pause(pauseMs: number, stop: Stop, show: (pauseMs: number) => void): Promise<void> {
  show(pauseMs);
  await Promise.race([
    sleep(pauseMs, { summary: 'pause before the next start call' }),
    stop.raised.catch(() => undefined),
  ]);
}

/** What the steps of one start are bound to. */
export interface StartContext extends OnSite {
  /** How the effect is called in summaries, for example `clone ci-42`. */
  readonly called: string;
  readonly settings: OperationSettings;
  /** Absent with an own name. */
  readonly exclusion?: Exclusion;
  readonly target: LookTarget;
  readonly start: (guards: StartGuards, seen: Look) => Promise<StartOutcome>;
  readonly status: Status;
  readonly trace: RunTrace;
}

/** The loop's steps, each one activity. */
export function startSteps({ settings, status, trace, ...context }: StartContext): StartSteps {
  let quarantinedRunId: string | undefined;
  const held = omitUndefined({ exclusion: context.exclusion });
  return {
    quarantineMs: settings.quarantineMs,
    startBudgetMs: settings.startBudgetMs,
    post: (seen) => orUnknown(context.start({ ...held, ...guards(settings, quarantinedRunId) }, seen)),
    recall: async () => {
      const earlier = await patiently('read what earlier runs of this request recorded', status, (a) =>
        a.recallEarlierRuns(context.exclusion ?? {}),
      );
      // A safety wait always follows. The run id is the activity's, from history: a later reset must not pass for the run
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
    look: async ({ baseline: { seenAt: since } }) => {
      const look = await patiently(`check vSphere for what the start of ${context.called} did`, status, (a) =>
        a.lookForEffect({
          ...context.target,
          ...held,
          depth: 'after-unknown',
          ...omitUndefined({ since }),
        }),
      );
      trace.saw(look.runId);
      return look;
    },
    awaitTask: async (taskId, isOurs) => {
      const end = await awaitEnd({ ...context, settings, taskId, isOurs }, status);
      if (end.kind !== 'overdue') trace.saw(end.runId);
      return end;
    },
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

const guards = (settings: OperationSettings, quarantinedRunId: string | undefined): StartGuards => ({
  settings: { startToCloseMs: settings.startToCloseMs },
  originalRunId: workflowInfo().originalExecutionRunId,
  ...omitUndefined({ quarantinedRunId }),
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
