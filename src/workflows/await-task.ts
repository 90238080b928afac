import { CancellationScope, sleep } from '@temporalio/workflow';
import type { OnSite } from '../contract/activities';
import type { TaskEnd } from '../contract/evidence';
import { omitUndefined } from '../contract/omit-undefined';
import type { OperationSettings } from '../contract/operations';
import { escapeMarkdown } from '../contract/text';
import { waiting } from './activity-calls';
import type { Growth } from './growth';
import type { End } from './phases';
import type { Shown, Status } from './status';

/** Shows that a step takes longer than its budget. The step goes on: nothing fails by time alone. */
async function shownWhenOverdue<T>(
  budgetMs: number,
  step: Promise<T>,
  shown: { readonly begin: () => void; readonly end: () => void },
): Promise<T> {
  const timer = new CancellationScope();
  let overdue = false;
  const begin = () => {
    overdue = true;
    shown.begin();
  };
  timer.run(() => budget(budgetMs)).then(begin, () => undefined);
  try {
    return await step;
  } finally {
    timer.cancel();
    if (overdue) shown.end();
  }
}

const budget = (budgetMs: number): Promise<void> =>
  sleep(budgetMs, { summary: `overdue alarm, ${minutes(budgetMs)}` });

export interface Awaited extends OnSite {
  readonly called: string;
  readonly taskId: string;
  /** Whether the start returned it. Else it is a candidate, and nothing tells yet whose it is. */
  readonly isOurs: boolean;
  readonly settings: Pick<OperationSettings, 'heartbeats' | 'heartbeatTimeoutMs' | 'waitBudgetMs'>;
}

/**
 * Waits for the task's end, however long. A wait that can read nothing for a while comes back to say so, and again when
 * it reads: so that the run shows as blocked, and never fails by it. Answers that cannot be read for as long as a task may
 * take are an operator's question.
 */
export function awaitEnd(awaited: Awaited, status: Status, growth: Growth): Promise<End> {
  const { taskId, settings } = awaited;
  status.set('wait', waitingFor(awaited, status));
  if (!awaited.isOurs) return endInTime(awaited, status);
  return shownWhenOverdue(settings.waitBudgetMs, throughBlockages(awaited, status, growth), {
    begin: () => status.set('wait', overdue(awaited, status), 'overdue'),
    end: () => status.set('wait', { what: 'the task has ended', taskId }),
  });
}

/** Nothing tells that a candidate ever ends, or whose it is: after its budget the wait ends, and an operator is asked. */
export async function endInTime(awaited: Awaited, status: Status): Promise<End> {
  const { taskId, settings } = awaited;
  const wait = new CancellationScope();
  const timer = new CancellationScope();
  const end = wait.run(() => throughBlockages(awaited, status));
  const overdue = timer
    .run(() => budget(settings.waitBudgetMs))
    .then(() => ({ kind: 'overdue', taskId }) as const);
  // The one that loses is cancelled, and rejects with nobody listening.
  for (const each of [end, overdue]) each.catch(() => undefined);
  try {
    return await Promise.race([end, overdue]);
  } finally {
    wait.cancel();
    timer.cancel();
  }
}

/** A wait that comes and goes shows the first changes at once. */
const CHANGES_AT_ONCE = 4;
const FIRST_LEAST_MS = 60_000;
/** Each change costs 8 events: a month of them has about the room of one question. */
const LONGEST_LEAST_MS = 1_800_000;

/** How long what a wait shows lasts at least, so that one that flaps does not fill the history. Undefined: not bounded. */
export const leastShownMs = (changes: number): number | undefined =>
  changes < CHANGES_AT_ONCE
    ? undefined
    : Math.min(FIRST_LEAST_MS * 2 ** (changes - CHANGES_AT_ONCE), LONGEST_LEAST_MS);

/** With a growth, comes back overdue where the history has to be asked about before the wait goes on. */
async function throughBlockages(awaited: Awaited, status: Status): Promise<TaskEnd>;
async function throughBlockages(awaited: Awaited, status: Status, growth: Growth): Promise<End>;
async function throughBlockages(awaited: Awaited, status: Status, growth?: Growth): Promise<End> {
  const { connection, siteId, taskId } = awaited;
  const { heartbeats, heartbeatTimeoutMs, waitBudgetMs } = awaited.settings;
  for (let changes = 0; ; changes++) {
    const waited = await waiting(waitSummary(awaited), heartbeatTimeoutMs).awaitTask({
      connection,
      taskId,
      heartbeats,
      heartbeatTimeoutMs,
      blocked: changes % 2 === 1,
      unreadableBudgetMs: waitBudgetMs,
      ...omitUndefined({ siteId, leastShownMs: leastShownMs(changes) }),
    });
    if (waited.kind !== 'blocked' && waited.kind !== 'unblocked') return waited;
    if (waited.kind === 'blocked') status.set('wait', unreadable(awaited, waited.message), 'blocked');
    else status.set('wait', waitingFor(awaited, status));
    if (growth?.isDue === true) return { kind: 'overdue', taskId };
  }
}

const waitSummary = ({ called, isOurs }: Awaited): string =>
  isOurs ? `wait for the task of ${called}` : `wait for a task that may belong to ${called}`;

const waitingFor = ({ called, taskId, isOurs, settings }: Awaited, status: Status): Shown => ({
  what: isOurs
    ? `the snapshot appliance works on the task of ${escapeMarkdown(called)}`
    : `waiting for a task that may belong to ${escapeMarkdown(called)}, whose start has an unknown outcome. Its result will tell`,
  taskId,
  facts: [PERCENT],
  next: 'it reads the result from vSphere and verifies it',
  stuck: isOurs
    ? `the overdue alarm comes after ${minutes(settings.waitBudgetMs)}, and time alone never fails it. ${status.command('cancel')} takes effect once the task has ended`
    : `after ${minutes(settings.waitBudgetMs)} it asks an operator. ${status.command('cancel')} takes effect once it is known whose the task is`,
});

const overdue = ({ called, taskId, settings }: Awaited, status: Status): Shown => ({
  what: `the task of ${escapeMarkdown(called)} takes longer than ${minutes(settings.waitBudgetMs)}. It goes on, and time alone never fails it`,
  taskId,
  facts: [PERCENT],
  next: 'once the task ends, it verifies the result as always. You need not do anything here',
  stuck: `look at the task in vSphere: does its percent still move? What holds it up needs a remedy there. ${status.command('cancel')} takes effect once the task has ended`,
});

const unreadable = ({ called, taskId }: Awaited, message: string): Shown => ({
  what: `the task of ${escapeMarkdown(called)} cannot be read: ${escapeMarkdown(message)}`,
  taskId,
  next: 'it reads again and again, and goes on by itself. The task runs on the appliance meanwhile',
  stuck: 'bring back what the message names (host, login or privilege). Nothing here needs a restart',
});

const PERCENT = ['Percent', 'see the heartbeat details under Pending Activities'] as const;

const minutes = (ms: number): string => (ms < 60_000 ? `${ms / 1_000} s` : `${Math.round(ms / 60_000)} min`);
