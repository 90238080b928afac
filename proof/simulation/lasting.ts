import { omitUndefined } from '../../src/contract/omit-undefined';
import { MEMO, requestWorkflowId } from '../../src/contract/operations';
import { RESOLVE_UPDATE, type Question } from '../../src/contract/resolve';
import { loadProduct } from './load-product';
import type { Fault, Plan } from './plan';
import { Schedule } from './schedule';
import { historyLength } from './temporal/history-length';
import { installVirtualGlobals } from './virtual-globals';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FOR_MS = 30 * DAY_MS;
/** A month of polls and heartbeats. More is a circle. */
const MOST_EVENTS = 20_000_000;

/** A wait asks each second whether to heartbeat. In a month that is most of what happens, and less often does as well. */
const LEAST_INTERVAL_MS = 5_000;

const LEAST_POLL_MS = 60_000;

const plan = (operation: Plan['operation'], faults: readonly Fault[], changes: Partial<Plan> = {}): Plan => ({
  operation,
  seed: 11,
  faults,
  visibilityDelayMs: 0,
  taskVisibilityDelayMs: 0,
  taskMs: 4_000,
  skewMs: 0,
  isUncached: false,
  withPower: false,
  ...changes,
});

const from = (point: string, happening: Fault['happening']): Fault => ({ at: { point, nth: 1 }, happening });

const FORBIDDEN = { do: 'storm', forMs: FOR_MS, status: 403, errorType: 'UNAUTHORIZED' } as const;

/** What lasts for a month. */
const LASTING = {
  refusal: plan('clone', [from('prepareLinkedClone completed', { do: 'no capacity', forMs: FOR_MS })]),
  outage: plan('clone', [from('prepareLinkedClone completed', { do: 'outage', forMs: FOR_MS })]),
  'outage that comes and goes with a refusal': plan('clone', [
    from('prepareLinkedClone completed', { do: 'no capacity', forMs: FOR_MS }),
    from('prepareLinkedClone returns', { do: 'outage', forMs: FOR_MS, everyMs: 600_000 }),
  ]),
  'flapping wait': plan(
    'clone',
    [from('startLinkedClone completed', { do: 'outage', forMs: FOR_MS, everyMs: 2 * LEAST_POLL_MS })],
    { taskMs: FOR_MS + DAY_MS, leastPollMs: LEAST_POLL_MS },
  ),
  'undo of a clone': plan('clone', [
    from('awaitTask starts', { do: 'cancel' }),
    from('verifyLinkedClone starts', { ...FORBIDDEN, of: 'vm.delete' }),
  ]),
  'undo of a clone in an outage': plan('clone', [
    from('awaitTask starts', { do: 'cancel' }),
    from('verifyLinkedClone completed', { do: 'outage', forMs: 8 * HOUR_MS }),
  ]),
  'undo of a revert': plan('revert', [
    from('awaitTask starts', { do: 'cancel' }),
    from('verifyRevert starts', {
      ...FORBIDDEN,
      status: 400,
      errorType: 'NOT_ALLOWED_IN_CURRENT_STATE',
      of: 'revert',
    }),
  ]),
} as const satisfies Record<string, Plan>;

/** How a run stands: after what lasted, and some time after an answer. */
interface Standing {
  readonly days: number;
  readonly status: string;
  readonly state: unknown;
  readonly events: number;
  readonly question?: unknown;
  readonly failure?: string;
}

interface Told {
  /** It is looked at after these. Default: the month and an hour. */
  readonly hours?: number;
  /** Given then: `repeat` or `abandon`. */
  readonly answer?: string;
}

/** Lives through it in virtual time. @returns how it stood, and how a day after an answer */
export async function liveThrough(
  name: string,
  { hours = FOR_MS / HOUR_MS + 1, answer }: Told = {},
): Promise<readonly Standing[]> {
  const plans: Readonly<Record<string, Plan>> = LASTING;
  const lasting = plans[name];
  if (lasting === undefined) throw new Error(`nothing of this name lasts: ${Object.keys(plans).join(', ')}`);
  const schedule = new Schedule(lasting, loadProduct(), undefined, MOST_EVENTS);
  const restore = installVirtualGlobals(schedule.time, schedule.random, LEAST_INTERVAL_MS);
  try {
    schedule.begin();
    await live(schedule, hours * HOUR_MS);
    const before = standing(schedule);
    if (answer === undefined) return [before];
    give(schedule, answer);
    await live(schedule, DAY_MS);
    return [before, standing(schedule)];
  } finally {
    restore();
  }
}

/** Goes on for so long, whatever settles meanwhile. */
async function live({ time }: Schedule, forMs: number): Promise<void> {
  let isOver = false;
  time.after(forMs, '', () => void (isOver = true), time.main);
  await time.runUntil(() => isOver, Infinity);
}

function firstRun({ server }: Schedule) {
  const run = server.find(requestWorkflowId('default', 'first'));
  if (run === undefined) throw new Error('there is no run');
  return run;
}

function give(schedule: Schedule, kind: string): void {
  const run = firstRun(schedule);
  const { runId, question } = run.memo[MEMO.question] as Question;
  schedule.server.update(run, RESOLVE_UPDATE, { runId, question, resolution: { kind } });
}

function standing(schedule: Schedule): Standing {
  const run = firstRun(schedule);
  const { memo, failure, status, startMs } = run;
  const asks = memo[MEMO.state] === 'needs-decision';
  return {
    days: Math.floor((schedule.time.nowMs - startMs) / DAY_MS),
    status,
    state: memo[MEMO.state],
    events: historyLength(run),
    ...omitUndefined({
      question: asks ? memo[MEMO.question] : undefined,
      failure: failure === undefined ? undefined : `${failure.type}: ${failure.message}`,
    }),
  };
}
