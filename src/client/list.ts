import { listedRuns, type ListedRun } from '../contract/listed-runs';
import { omitUndefined } from '../contract/omit-undefined';
import { MEMO, OPERATION_RUNS, operationOfWorkflow, SEARCH_ATTRIBUTES } from '../contract/operations';
import { isCondition, type ListedState, type PlainState } from '../contract/progress';
import { conditionBesideState, nameOfRun, runCondition, runState } from './describe';
import { sameName } from '../contract/spelling';
import type { OperationStatus } from './operation-views';
import { temporalCall, type TemporalLink } from './temporal-calls';

/** What is to be listed. */
export interface ListOptions {
  /** Any of them. Default: all. */
  readonly states?: readonly ListedState[];
  /** Source or reverted virtual machine, as the request named it. */
  readonly vm?: string;
  /** Gives up the call. */
  readonly signal?: AbortSignal;
}

/** One line of a list. A list does not read results or failures: `describe` does. */
export interface ListedOperation extends Pick<
  OperationStatus,
  'id' | 'workflowId' | 'runId' | 'operation' | 'state' | 'condition'
> {
  /** Source or reverted virtual machine, as the request named it. */
  readonly vm: string;
  /** The snapshot, as the request named it. */
  readonly snapshot: string;
  /** Who asked for it, as its caller said. */
  readonly requester?: string;
  /** Name of the clone. */
  readonly name?: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601. */
  readonly closedAt?: string;
  /** Another data converter has written its memo. Then machine and name are those of its search attributes. */
  readonly isMemoUnread?: true;
}

/** More rows than a person or a cron job reads. The newest ones come first. */
const MAX_RUNS_READ = 2000;
const PAGE_SIZE = 200;

/**
 * Running and recent operations, newest first. Temporal's visibility store lags by about a second. Where the search
 * attributes are missing the memo still tells, so the filter reads the memo.
 */
export const listOperations = async (
  link: TemporalLink,
  options: ListOptions = {},
): Promise<ListedOperation[]> =>
  temporalCall(
    link,
    async () => {
      const listed: ListedOperation[] = [];
      let read = 0;
      for await (const run of listedRuns(link.client, query(options), PAGE_SIZE)) {
        const operation = listedOf(run);
        if (operation !== undefined && isWanted(operation, options)) listed.push(operation);
        read += 1;
        if (read === MAX_RUNS_READ) {
          link.notice(`Only the newest ${MAX_RUNS_READ} runs were read: narrow the list with --state.`);
          break;
        }
      }
      // Visibility lists what runs first and the others by their end.
      return listed.toSorted((one, other) => Date.parse(other.startedAt) - Date.parse(one.startedAt));
    },
    options.signal,
  );

/** Of visibility's statuses. Only a running operation is in a condition. */
const STATUSES: Readonly<Record<PlainState, readonly string[]>> = {
  running: ['Running'],
  succeeded: ['Completed'],
  failed: ['Failed', 'Terminated', 'TimedOut'],
  cancelled: ['Canceled'],
};

const statusesOf = (state: ListedState): readonly string[] =>
  STATUSES[isCondition(state) ? 'running' : state];

function query({ states = [] }: ListOptions): string {
  if (states.length === 0) return OPERATION_RUNS;
  const statuses = [...new Set(states.flatMap(statusesOf))];
  return `${OPERATION_RUNS} AND ExecutionStatus IN (${statuses.map((status) => `"${status}"`).join(', ')})`;
}

const isWanted = (operation: ListedOperation, { states = [], vm }: ListOptions): boolean =>
  (vm === undefined || sameName(operation.vm, vm)) &&
  (states.length === 0 || states.some((state) => state === operation.state || state === operation.condition));

/** A run that went on as a new one is listed as that. One without our memo was started outside the contract. */
export function listedOf(run: ListedRun): ListedOperation | undefined {
  const operation = operationOfWorkflow(run.type);
  if (operation === undefined || run.status.name === 'CONTINUED_AS_NEW') return undefined;
  const running = run.closeTime === undefined;
  const condition = running ? runCondition(run) : undefined;
  const request = (run.memo[MEMO.request] ?? {}) as Partial<Record<string, unknown>>;
  const attribute = (key: string) => text(run.searchAttributes[key]?.[0]);
  const name = nameOfRun(run) ?? (run.isMemoUnread && attribute(SEARCH_ATTRIBUTES.name));
  return {
    id: text(run.memo[MEMO.requestId]) ?? run.workflowId,
    workflowId: run.workflowId,
    runId: run.runId,
    operation,
    state: runState(run.status.name, condition),
    ...conditionBesideState(condition),
    vm: text(request['vm']) ?? attribute(SEARCH_ATTRIBUTES.vm) ?? '',
    snapshot: text(request['snapshot']) ?? '',
    ...omitUndefined({ name, requester: text(run.memo[MEMO.requester]), isMemoUnread: run.isMemoUnread }),
    startedAt: run.startTime.toISOString(),
    ...omitUndefined({ closedAt: run.closeTime?.toISOString() }),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The first so many runs that a visibility query finds, and whether there are more. */
export const firstRuns = (
  link: TemporalLink,
  query: string,
  most: number,
  signal?: AbortSignal,
): Promise<{ readonly runs: readonly ListedRun[]; readonly more: boolean }> =>
  temporalCall(
    link,
    async () => {
      const runs: ListedRun[] = [];
      for await (const run of listedRuns(link.client, query, most + 1)) {
        if (runs.length === most) return { runs, more: true };
        runs.push(run);
      }
      return { runs, more: false };
    },
    signal,
  );
