import type { Check } from '../contract/inspect';
import type { ListedRun } from '../contract/listed-runs';
import { omitUndefined } from '../contract/omit-undefined';
import { DEFAULT_CONNECTION, LOCK_WORKFLOW, MEMO, OPERATION_RUNS } from '../contract/operations';
import { ALARMS } from '../contract/progress';
import { operationCommand, requestOptions, shellWord, type CommandTarget } from '../contract/text';
import type { TemporalLink } from './temporal-calls';
import { describeLatestRun, isOperationOver } from './describe';
import { firstRuns, listedOf, listOperations, type ListedOperation } from './list';
import { isCloud, replaceByHand, readAttributes, type RegisteredAttribute } from './set-up';

/** One that waits for a person, or that a person should look at. */
export function needsAttention(operation: ListedOperation): Check {
  const { id, state, condition } = operation;
  const about = { check: 'operations', subject: id } as const;
  const said = `the ${described(operation)}`;
  if (state === 'needs-decision')
    return {
      ...about,
      state: 'failed',
      message: `${said} needs a decision: it is unknown whether it had its effect`,
      remedy: `${operationCommand('status', targetOf(operation))} shows what it asks and what to type`,
    };
  return {
    ...about,
    state: 'warning',
    message: `${said} is ${condition}`,
    remedy: `${operationCommand('status', targetOf(operation))} says on what`,
  };
}

/** A terminated one: nothing was undone. */
export const terminatedRun = (operation: ListedOperation): Check => ({
  check: 'operations',
  subject: operation.id,
  state: 'warning',
  message: `the ${described(operation)} was terminated: nothing was undone, and what it made may be left`,
  remedy: `repeat the command with ${requestOptions(targetOf(operation))} --again, which finds what this run made, or look on vSphere for ${operation.name ?? operation.vm}`,
});

const described = ({ operation, vm, name }: ListedOperation): string =>
  `${operation} of ${vm}${name === undefined ? '' : ` to ${name}`}`;

function targetOf({ id, workflowId }: ListedOperation): CommandTarget {
  const [, connection = ''] = workflowId.split(':');
  return { requestId: id, ...(isOther(connection) ? { connection } : {}) };
}

const isOther = (connection: string): boolean => connection !== '' && connection !== DEFAULT_CONNECTION;

/** Each costs a call. People remember the newest. */
const MOST_RUNS = 50;

/** Operations whose newest run was terminated, not those that a reset or a repeat carries on. */
async function terminatedOperations(
  link: TemporalLink,
  signal?: AbortSignal,
): Promise<readonly ListedOperation[]> {
  const query = `${OPERATION_RUNS} AND ExecutionStatus = "Terminated"`;
  const { runs } = await firstRuns(link, query, MOST_RUNS, signal);
  const looked = await Promise.all(
    runs.map(async (run) => {
      const newest = await describeLatestRun(link, run.workflowId, undefined, signal);
      return newest === undefined || newest.runId === run.runId ? listedOf(run) : undefined;
    }),
  );
  return looked.filter((operation) => operation !== undefined);
}

/** Lines that a person reads. The rest is counted. */
const MOST_LINES = 20;

/** Operations that wait for a person, and terminated ones, which undid nothing. */
export async function checkOperations(link: TemporalLink, signal?: AbortSignal): Promise<readonly Check[]> {
  const [waiting, terminated] = await Promise.all([
    listOperations(link, {
      states: ALARMS,
      ...omitUndefined({ signal }),
    }),
    terminatedOperations(link, signal),
  ]);
  const checks = [...waiting.map(needsAttention), ...terminated.map(terminatedRun)];
  if (checks.length === 0)
    return [{ check: 'operations', subject: link.namespace, state: 'ok', message: 'none needs attention' }];
  const rest = checks.length - MOST_LINES;
  return rest <= 0 ? checks : [...checks.slice(0, MOST_LINES), andMore(link, checks.slice(MOST_LINES))];
}

const andMore = (link: TemporalLink, rest: readonly Check[]): Check => ({
  check: 'operations',
  subject: link.namespace,
  state: rest.some(({ state }) => state === 'failed') ? 'failed' : 'warning',
  message: `and ${rest.length} more`,
  remedy: `snapflow list --state ${[...ALARMS, 'failed'].join(',')}`,
});

/** Each costs a call. This many requests at once are a busy day. */
const MOST_LOCKS = 200;

/** Locks that run on although their holder has closed. A reset and a termination can leave them behind. */
export async function checkLocks(link: TemporalLink, signal?: AbortSignal): Promise<readonly Check[]> {
  const query = `WorkflowType = "${LOCK_WORKFLOW}" AND ExecutionStatus = "Running"`;
  const { runs, more } = await firstRuns(link, query, MOST_LOCKS, signal);
  const looked = await Promise.all(runs.map((lock) => staleLock(link, lock, signal)));
  const stale = looked.filter((check) => check !== undefined);
  if (stale.length > 0) return stale;
  const held = `${more ? `the newest ${MOST_LOCKS}` : runs.length} held, each by an operation that runs`;
  return [
    {
      check: 'locks',
      subject: link.namespace,
      state: 'ok',
      message: runs.length === 0 ? 'none is held' : held,
    },
  ];
}

async function staleLock(
  link: TemporalLink,
  lock: ListedRun,
  signal: AbortSignal | undefined,
): Promise<Check | undefined> {
  const holderId = lock.parentExecution?.workflowId;
  // Where the memo does not decode, the run that took the lock leads to the holder, too.
  const holderRun: unknown = lock.memo[MEMO.holder] ?? lock.parentExecution?.runId;
  if (!holderId || typeof holderRun !== 'string') return undefined;
  const holder = await describeLatestRun(link, holderId, holderRun, signal);
  if (holder !== undefined && !isOperationOver(holder.status.name)) return undefined;
  return {
    check: 'locks',
    subject: lock.workflowId,
    state: 'warning',
    message: `it is held by ${holderId}, which has closed`,
    remedy: `nothing, the next request for it takes it over; or temporal workflow terminate --namespace ${shellWord(link.namespace)} --workflow-id ${shellWord(lock.workflowId)} --run-id ${lock.runId}`,
  };
}

/** That our search attributes are registered, each as Keyword. */
export async function checkSearchAttributes(
  link: TemporalLink,
  signal?: AbortSignal,
): Promise<readonly Check[]> {
  const about = { check: 'search-attributes', subject: link.namespace } as const;
  const found = await readAttributes(link, signal);
  if (found === undefined) return [{ ...about, ...unreadable(link) }];
  const missing = found.filter(({ type }) => type === undefined).map(({ name }) => name);
  const wrong = found.filter(({ type, isKeyword }) => type !== undefined && !isKeyword);
  if (missing.length === 0 && wrong.length === 0)
    return [{ ...about, state: 'ok', message: `all ${found.length} are registered` }];
  return [
    ...(missing.length === 0 ? [] : [{ ...about, ...absent(missing) }]),
    ...wrong.map((attribute) => ({ ...about, ...ofWrongType(link, attribute) })),
  ];
}

type Found = Required<Pick<Check, 'state' | 'message' | 'remedy'>>;

const unreadable = (link: TemporalLink): Found => ({
  state: 'warning',
  message: 'this server does not tell them',
  remedy: isCloud(link)
    ? `compare them with snapflow setup: tcld namespace get --namespace ${link.namespace}`
    : 'ask the operator of the server, or let the account use the operator service',
});

/** Operations start without them, too. Lists then read the memo. */
const absent = (names: readonly string[]): Found => ({
  state: 'failed',
  message: `missing: ${names.join(', ')}; operations start without them and cannot be searched for`,
  remedy: 'snapflow setup',
});

const ofWrongType = (link: TemporalLink, { name, type }: RegisteredAttribute): Found => ({
  state: 'failed',
  message: `${name} is of the type ${type}, not Keyword`,
  remedy: `${replaceByHand(link, [name]).join(', ')}, then snapflow setup`,
});
