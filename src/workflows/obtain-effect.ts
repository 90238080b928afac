import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { CancellationScope, sleep } from '@temporalio/workflow';
import type { VerifiedAtEnd } from '../contract/activities';
import type { Look } from '../contract/evidence';
import { omitUndefined } from '../contract/omit-undefined';
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
import { goesOn, type Asker } from './growth';
import type { Evidence, Known, Ours, Stale } from './phases';
import { RefusedStart } from './refused-start';
import { toApplicationFailure } from './refusals';
import { resolved } from './operator-question';
import type { RunContext, Stop } from './run';
import type { StartSteps } from './start-steps';
import type { Status } from './status';
import { startShown } from './status-texts';

/** The effect, and what was there before it: in a run that a reset made that is what the first run saw. */
export type Effect = Obtained & {
  readonly baseline: Look;
  /** The account, as tasks of its own have shown that the service spells it. */
  readonly user: string;
  /** Absent: it is not verified yet. */
  readonly verified?: VerifiedAtEnd;
};

type StartContextOfRun = Pick<RunContext, 'status' | 'stop' | 'operator' | 'growth'>;

/** Steps of one more try of a refused start. The state that the refusal shows may outlast them. */
const TRYING: readonly Decision['kind'][] = ['post', 'pause', 'look'];

/**
 * The start as a loop of the workflow, not a retry policy: decide, do, gather evidence, decide again. It ends when the
 * effect is there, when it is certain that it never will be, or when a stop is requested and nothing is left. The caller
 * shields it from cancellation: a stop is honoured only where nothing is unknown.
 */
export async function obtainEffect(
  initial: Evidence,
  steps: StartSteps,
  context: StartContextOfRun,
): Promise<Effect> {
  const { status, stop, operator } = context;
  let evidence = initial;
  const refused = new RefusedStart(context, steps);
  for (;;) {
    const decision = decide(evidence);
    const { known } = evidence;
    if (!TRYING.includes(decision.kind)) status.releaseState();
    switch (decision.kind) {
      case 'done':
        return effectOf(decision, known, steps);
      case 'fail':
        throw toApplicationFailure(decision.failure);
      case 'post':
        evidence = stop.requested()
          ? await recalledOrEnded(known, steps, stop)
          : await posted(known, decision.phase, steps, { status, stop, refused });
        break;
      case 'pause':
        await refused.outlast(decision.because, decision.atLeastMs);
        evidence = afterPause(known, decision.phase);
        break;
      case 'recall':
        evidence = afterRecall(known, await steps.recall());
        break;
      case 'quarantine':
        await quarantine(decision, steps, status);
        evidence = afterQuarantine(known, decision.phase);
        break;
      case 'look':
        evidence = await looked(known, decision.phase, steps, { status, operator });
        break;
      case 'await':
        if (decision.phase.kind === 'ours') await askWhereLong(known, decision.phase, context);
        evidence = afterEnd(
          known,
          decision.phase,
          await steps.awaitTask(decision.taskId, decision.phase.kind === 'ours', known.baseline),
        );
        break;
      case 'needs-decision':
        evidence = await resolved(known, decision, { status, operator, check: steps.checkAnswer });
    }
  }
}

const effectOf = (obtained: Obtained, { baseline, user }: Known, steps: StartSteps): Effect => ({
  ...obtained,
  baseline,
  user,
  ...omitUndefined({ verified: steps.verified() }),
});

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

/** Within it, an effect or a leftover becomes visible, or a late call arrives. */
async function quarantine(
  { after, late }: Extract<Decision, { kind: 'quarantine' }>,
  { quarantineMs, lateCallMs }: StartSteps,
  status: Status,
): Promise<void> {
  if (late === true) {
    status.set('start', startShown.lateCall(lateCallMs));
    return sleep(lateCallMs, { summary: 'safety wait: a call of a worker that died may still arrive' });
  }
  status.set(
    'start',
    after === undefined ? startShown.quarantine(quarantineMs) : startShown.leftovers(after, quarantineMs),
  );
  const waitedFor =
    after === undefined ? 'an unanswered call may still take effect' : 'what is left may show late';
  return sleep(quarantineMs, { summary: `safety wait: ${waitedFor}` });
}

async function posted(
  known: Known,
  phase: Extract<Decision, { kind: 'post' }>['phase'],
  steps: StartSteps,
  { status, stop, refused }: Pick<RunContext, 'status' | 'stop'> & { readonly refused: RefusedStart },
): Promise<Evidence> {
  status.set('start', startShown.posting(status));
  const look = phase.kind === 'looking' ? phase.look : undefined;
  const outcome = await whileWanted(stop, () => steps.post(look ?? known.baseline, refused.isFirstInLine));
  if (outcome === undefined) return recalledOrEnded(known, steps, stop);
  // A machine that never rests must not fill the history.
  if (outcome.kind === 'stale') await refused.outlast({ type: 'Busy', message: outcome.what });
  return afterStart(known, phase, outcome);
}

/** A stop cancels what waits in its queue. What has begun hears nothing of it, and is waited for. */
function whileWanted<T>(stop: Stop, start: () => Promise<T>): Promise<T> {
  const scope = new CancellationScope();
  stop.raised.catch(() => scope.cancel());
  return scope.run(start);
}

/** A stop before a post ends the run, unless earlier runs may have posted and this one has not checked for it (E5). */
async function recalledOrEnded(known: Known, steps: StartSteps, stop: Stop): Promise<Evidence> {
  if (!(await steps.hasForgotten())) stop.end('nothing is left of it');
  return beforeRecall(known);
}

/** A wait comes back unended only where its history has grown too long: it flaps. The task goes on meanwhile. */
async function askWhereLong(known: Known, { taskId }: Ours, context: Asker): Promise<void> {
  const { growth } = context;
  if (!growth.isDue) return;
  const why = `${growth.why}; task ${taskId} has not ended, and can be read now and then only`;
  if (await goesOn(context, { about: 'history', phase: 'wait', why, candidates: [taskId] })) return;
  throw toApplicationFailure({
    type: 'OutcomeUnknown',
    message: `An operator gave the ${known.operation} of ${known.called} up while its task ${taskId} had not ended: nothing was deleted.`,
    details: { candidates: [taskId] },
  });
}
