import { sleep } from '@temporalio/workflow';
import type { Look, StartOutcome, TaskEnd } from '../contract/evidence';
import type { Failure } from '../contract/failure';
import type { Operation } from '../contract/names';
import type { Recollection } from '../contract/recollection';
import type { Resolution } from '../contract/resolve';
import { decide, unreadEnds, type Evidence, type Obtained } from './decide';
import { afterRecall, beforeRecall } from './earlier-runs';
import { toApplicationFailure } from './fail';
import {
  afterEnd,
  afterLook,
  afterPause,
  afterQuarantine,
  afterResolution,
  afterStart,
  suspects,
} from './gather';
import { Pauses } from './pauses';
import type { RunContext } from './run-context';
import { startShown } from './start-shown';
import type { Status } from './status';
import type { Stop } from './stop';

/** The steps that the loop takes; each is one activity. */
export interface StartSteps {
  readonly post: (evidence: Evidence) => Promise<StartOutcome>;
  readonly recall: () => Promise<Recollection>;
  /** Whether earlier runs may have posted and this very run has not recalled them: a reset made it. */
  readonly hasForgotten: () => Promise<boolean>;
  readonly look: (evidence: Evidence) => Promise<Look>;
  readonly awaitTask: (taskId: string, isOurs: boolean) => Promise<TaskEnd>;
  readonly quarantineMs: number;
  readonly startBudgetMs: number;
}

/** The effect, and what was there before it: in a run that a reset made that is what the first run saw. */
export type Effect = Obtained & { readonly baseline: Look };

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
  const startedAt = Date.now();
  const pauses = new Pauses();
  for (;;) {
    const decision = decide(evidence);
    switch (decision.kind) {
      case 'done':
        return { ...decision, baseline: evidence.baseline };
      case 'fail':
        throw toApplicationFailure(decision.failure);
      case 'post':
        evidence = stop.requested()
          ? await recalledOrEnded(evidence, steps, stop)
          : await posted(evidence, steps, status);
        break;
      case 'pause':
        await pause(pauses.nextMs(decision.because), stop, (pauseMs) =>
          showRefusal(decision.because, pauseMs, Date.now() - startedAt > steps.startBudgetMs, status),
        );
        evidence = afterPause(evidence);
        break;
      case 'recall':
        evidence = afterRecall(evidence, await steps.recall());
        break;
      case 'quarantine':
        await quarantine(decision.after, steps.quarantineMs, status);
        evidence = afterQuarantine(evidence);
        break;
      case 'look':
        status.set('start', startShown.looking());
        evidence = afterLook(evidence, await steps.look(evidence));
        break;
      case 'await':
        evidence = afterEnd(
          evidence,
          await steps.awaitTask(decision.taskId, decision.taskId === evidence.ours),
        );
        break;
      case 'needs-decision':
        evidence = await resolved(evidence, decision.why, { status, operator });
    }
  }
}

/** What had its effect, or left something behind, becomes visible within it. */
async function quarantine(after: string | undefined, forMs: number, status: Status): Promise<void> {
  status.set(
    'start',
    after === undefined ? startShown.quarantine(forMs) : startShown.leftovers(after, forMs),
  );
  const waitedFor = after === undefined ? 'a call in flight may still act' : 'what is left may show late';
  await sleep(forMs, { summary: `quarantine: ${waitedFor}` });
}

async function posted(evidence: Evidence, steps: StartSteps, status: Status): Promise<Evidence> {
  status.set('start', startShown.posting());
  return afterStart(evidence, await steps.post(evidence));
}

/** A stop before a post ends the run, unless earlier runs may have posted and this one has not looked for it (E5). */
async function recalledOrEnded(evidence: Evidence, steps: StartSteps, stop: Stop): Promise<Evidence> {
  if (!(await steps.hasForgotten())) stop.end('nothing is left of it');
  return beforeRecall(evidence);
}

async function resolved(
  e: Evidence,
  why: string,
  { status, operator }: Pick<RunContext, 'status' | 'operator'>,
): Promise<Evidence> {
  const asked = { why, candidates: suspects(e), answers: answersTo(e) };
  status.set('start', startShown.question(e.operation, asked, status), 'needs-decision');
  const resolution = await operator.ask(asked);
  // Also where the answer ends the run, which may release its lock first: it asks nothing any more.
  status.set('start', startShown.resolved());
  return afterResolution(e, resolution);
}

/** Nothing is made again while a task that may be ours may still work. */
const answersTo = (e: Evidence): readonly Resolution['kind'][] =>
  ANSWERS[e.operation].filter((kind) => kind !== 'repeat' || unreadEnds(e).length === 0);

/** A clone is its machine, so "done" alone would not say which one; a revert makes none. */
const ANSWERS = {
  clone: ['task', 'vm', 'repeat', 'abandon'],
  revert: ['task', 'done', 'repeat', 'abandon'],
} as const satisfies Record<Operation, readonly Resolution['kind'][]>;

/** An unreachable or failing server is blocked; a long capacity refusal is overdue; neither ever fails by time. */
function showRefusal({ type, message }: Failure, pauseMs: number, overdue: boolean, status: Status): void {
  const state = type === 'Unreachable' ? 'blocked' : overdue ? 'overdue' : 'running';
  status.set('start', startShown.refused(message, pauseMs, status), state);
}

/** Nothing is unknown while a run pauses after a refusal, unless it was before; then the next decision looks first. */
async function pause(pauseMs: number, stop: Stop, show: (pauseMs: number) => void): Promise<void> {
  show(pauseMs);
  await Promise.race([
    sleep(pauseMs, { summary: 'pause until the start is asked for again' }),
    stop.raised.catch(() => undefined),
  ]);
}
