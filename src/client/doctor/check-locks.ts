import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { Check } from '../../contract/check';
import { LOCK_WORKFLOW, MEMO } from '../../contract/names';
import { quoted } from '../../contract/quoted';
import { isClosed } from '../closed-run';
import { describeRun } from '../describe-run';
import { firstRuns } from '../first-runs';
import type { TemporalLink } from '../temporal-link';

/** Each costs a call; so many requests at once are a busy day. */
const MOST_LOCKS = 200;

/** Locks that run on although whoever held them has closed: what a reset and a termination can leave behind. */
export const checkLocks = async (link: TemporalLink, signal?: AbortSignal): Promise<readonly Check[]> => {
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
};

const staleLock = async (
  link: TemporalLink,
  lock: WorkflowExecutionInfo,
  signal: AbortSignal | undefined,
): Promise<Check | undefined> => {
  const holderId = lock.parentExecution?.workflowId;
  const holderRun: unknown = lock.memo?.[MEMO.holder];
  if (!holderId || typeof holderRun !== 'string') return undefined;
  const holder = await describeRun(link, holderId, holderRun, signal);
  if (holder !== undefined && !isClosed(holder.status.name)) return undefined;
  return {
    check: 'locks',
    subject: lock.workflowId,
    state: 'warning',
    message: `it is held by ${holderId}, which has closed`,
    remedy: `nothing, the next request for it takes it over; or temporal workflow terminate --namespace ${quoted(link.namespace)} --workflow-id ${quoted(lock.workflowId)} --run-id ${lock.runId}`,
  };
};
