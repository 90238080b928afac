import type { OnSite, VerifiedAtEnd, VerifyAtEnd, Waited } from '../contract/activities';
import { omitUndefined } from '../contract/omit-undefined';
import type { OperationSettings } from '../contract/operations';
import { escapeMarkdown } from '../contract/text';
import { neverBegan, waiting } from './activity-calls';
import type { Growth } from './growth';
import type { End } from './phases';
import type { Shown, Status } from './status';

export interface Awaited extends OnSite {
  readonly called: string;
  readonly taskId: string;
  /** Whether the start returned it. Else it is a candidate, and nothing tells yet whose it is. */
  readonly isOurs: boolean;
  /** Of our own task: what to read once it has succeeded. */
  readonly verify?: VerifyAtEnd;
  readonly settings: Pick<OperationSettings, 'heartbeats' | 'heartbeatTimeoutMs' | 'waitBudgetMs'>;
}

export interface AwaitedEnd {
  readonly end: End;
  readonly verified?: VerifiedAtEnd;
}

/** See `untilEnd`. Shows what it waits for. */
export function awaitEnd(awaited: Awaited, status: Status, growth: Growth): Promise<AwaitedEnd> {
  status.set('wait', waitingFor(awaited, status));
  return untilEnd(awaited, status, growth);
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

/**
 * Waits for the task's end. A wait that can read nothing for a while comes back to say so, and again when it reads, and one
 * that takes longer than its budget: so that the run shows as blocked or overdue. Our own task is waited for however long
 * it takes, unless its answers cannot be read for as long as a task may take, or the history has to be asked about first.
 * Nothing tells that a candidate ever ends, or whose it is: after its budget the wait ends, and an operator is asked.
 */
export async function untilEnd(awaited: Awaited, status: Status, growth?: Growth): Promise<AwaitedEnd> {
  const { taskId, isOurs, settings } = awaited;
  const dueAtMs = Date.now() + settings.waitBudgetMs;
  const shown: ShownAs = { changes: 0, isOverdue: false };
  for (;;) {
    // What shows as blocked says more than overdue would. Yet a candidate's wait ends in any case.
    const isShown = isOurs && (isShownAsBlocked(shown) || shown.isOverdue);
    const waited = await waitOnce(awaited, shown, isShown ? undefined : dueAtMs - Date.now());
    if ('taskId' in waited) {
      const { verified, ...end } = waited;
      if (shown.isOverdue) status.set('wait', { what: 'the task has ended', taskId });
      return { end, ...omitUndefined({ verified }) };
    }
    if (waited.kind === 'overdue' && !isOurs) return { end: { kind: 'overdue', taskId } };
    if (waited.kind === 'overdue') shown.isOverdue = true;
    else shown.changes += 1;
    show(awaited, waited, shown, status);
    if (growth?.isDue === true) return { end: { kind: 'overdue', taskId } };
  }
}

interface ShownAs {
  /** To blocked, and back. */
  changes: number;
  isOverdue: boolean;
}

const isShownAsBlocked = ({ changes }: ShownAs): boolean => changes % 2 === 1;

/** @param restMs until it is overdue. Undefined: it never is */
async function waitOnce(awaited: Awaited, shown: ShownAs, restMs: number | undefined): Promise<Waited> {
  const { connection, siteId, taskId, verify, settings } = awaited;
  const { heartbeats, heartbeatTimeoutMs, waitBudgetMs } = settings;
  if (restMs !== undefined && restMs <= 0) return { kind: 'overdue' };
  // What a disturbed wait has verified would not be used, see `UndisturbedStep`.
  const isFirst = shown.changes === 0 && !shown.isOverdue;
  try {
    return await waiting(waitSummary(awaited), heartbeatTimeoutMs, restMs).awaitTask({
      connection,
      taskId,
      heartbeats,
      heartbeatTimeoutMs,
      blocked: isShownAsBlocked(shown),
      unreadableBudgetMs: waitBudgetMs,
      ...omitUndefined({
        siteId,
        leastShownMs: leastShownMs(shown.changes),
        overdueAfterMs: restMs,
        verify: isFirst ? verify : undefined,
      }),
    });
  } catch (error) {
    if (neverBegan(error)) return { kind: 'overdue' };
    throw error;
  }
}

function show(awaited: Awaited, waited: Waited, { isOverdue }: ShownAs, status: Status): void {
  if (waited.kind === 'blocked') status.set('wait', unreadable(awaited, waited.message), 'blocked');
  else if (isOverdue) status.set('wait', overdue(awaited, status), 'overdue');
  else status.set('wait', waitingFor(awaited, status));
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
