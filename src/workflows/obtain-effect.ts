import { sleep } from '@temporalio/workflow';
import type { Recollection } from '../contract/activities';
import type { Look, StartOutcome, TaskEnd } from '../contract/evidence';
import type { Failure } from '../contract/failure';
import type { Operation } from '../contract/names';
import type { Resolution } from '../contract/resolve';
import type { Operator } from './ask-operator';
import { decide, type Evidence, type Obtained } from './decide';
import { afterRecall } from './earlier-runs';
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
import type { RunContext } from './run-context';
import type { Status } from './status';
import type { Stop } from './stop';
import { markdown } from './markdown';

/** The steps that the loop takes; each is one activity. */
export interface StartSteps {
  readonly post: (evidence: Evidence) => Promise<StartOutcome>;
  readonly recall: () => Promise<Recollection>;
  readonly look: (evidence: Evidence) => Promise<Look>;
  readonly awaitTask: (taskId: string) => Promise<TaskEnd>;
  readonly quarantineMs: number;
  readonly startBudgetMs: number;
}

/** The effect, and what was there before it: in a run that a reset made that is what the first run saw. */
export type Effect = Obtained & { readonly baseline: Look };

/** First and longest pause after a refusal; every pause is shortened by up to half, so that many runs do not march in step. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 600_000;

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
  for (let pauses = 0; ;) {
    const decision = decide(evidence);
    switch (decision.kind) {
      case 'done':
        return { ...decision, baseline: evidence.baseline };
      case 'fail':
        throw toApplicationFailure(decision.failure);
      case 'post':
        if (stop.requested()) stop.end('nothing is left of it');
        status.set('start', 'posting');
        evidence = afterStart(evidence, await steps.post(evidence));
        break;
      case 'pause':
        showRefusal(decision.because, startedAt, steps.startBudgetMs, status);
        await pause(pauses++, stop);
        evidence = afterPause(evidence);
        break;
      case 'recall':
        evidence = afterRecall(evidence, await steps.recall());
        break;
      case 'quarantine':
        status.set(
          'start',
          'the outcome of the start is unknown: looking for its effect after the quarantine',
        );
        await sleep(steps.quarantineMs);
        evidence = afterQuarantine(evidence);
        break;
      case 'look':
        evidence = afterLook(evidence, await steps.look(evidence));
        break;
      case 'await':
        evidence = afterEnd(evidence, await steps.awaitTask(decision.taskId));
        break;
      case 'needs-decision':
        status.set('start', question(decision.why), 'needs-decision');
        evidence = afterResolution(evidence, await askAbout(evidence, decision.why, operator));
        status.set('start', 'resolved by an operator');
    }
  }
}

const question = (why: string): string => markdown`needs a decision: ${why}. \`snapflow resolve\``;

const askAbout = (e: Evidence, why: string, operator: Operator): Promise<Resolution> =>
  operator.ask(why, suspects(e), ANSWERS[e.operation]);

/** A clone is its machine, so "done" alone would not say which one; a revert makes none. */
const ANSWERS = {
  clone: ['task', 'vm', 'repeat', 'abandon'],
  revert: ['task', 'done', 'repeat', 'abandon'],
} as const satisfies Record<Operation, readonly Resolution['kind'][]>;

/** An unreachable or failing server is blocked; a long capacity refusal is overdue; neither ever fails by time. */
function showRefusal({ type, message }: Failure, startedAt: number, budgetMs: number, status: Status): void {
  const overdue = Date.now() - startedAt > budgetMs;
  const state = type === 'Unreachable' ? 'blocked' : overdue ? 'overdue' : 'running';
  status.set('start', markdown`refused for now: ${message}; asked again soon`, state);
}

/** Nothing is unknown while a run pauses after a refusal, unless it was before; then the next decision looks first. */
async function pause(pauses: number, stop: Stop): Promise<void> {
  const fullMs = Math.min(FIRST_PAUSE_MS * 2 ** pauses, LONGEST_PAUSE_MS);
  await Promise.race([
    sleep(Math.round(fullMs * (0.5 + Math.random() / 2))),
    stop.raised.catch(() => undefined),
  ]);
}
