import type { Check } from '../../contract/check';
import { listOperations } from '../list-operations';
import type { TemporalLink } from '../temporal-link';
import { needsAttention, terminatedRun } from './operation-check';
import { terminatedOperations } from './terminated-operations';

/** Lines that a person reads; the rest is counted. */
const MOST_LINES = 20;

/** Operations that wait for a person, and those that somebody terminated without anything being undone. */
export const checkOperations = async (
  link: TemporalLink,
  signal?: AbortSignal,
): Promise<readonly Check[]> => {
  const [waiting, terminated] = await Promise.all([
    listOperations(link, {
      states: ['needs-decision', 'overdue', 'blocked'],
      ...(signal === undefined ? {} : { signal }),
    }),
    terminatedOperations(link, signal),
  ]);
  const checks = [...waiting.map(needsAttention), ...terminated.map(terminatedRun)];
  if (checks.length === 0)
    return [{ check: 'operations', subject: link.namespace, state: 'ok', message: 'none needs attention' }];
  const rest = checks.length - MOST_LINES;
  return rest <= 0 ? checks : [...checks.slice(0, MOST_LINES), andMore(link, checks.slice(MOST_LINES))];
};

const andMore = (link: TemporalLink, rest: readonly Check[]): Check => ({
  check: 'operations',
  subject: link.namespace,
  state: rest.some(({ state }) => state === 'failed') ? 'failed' : 'warning',
  message: `and ${rest.length} more`,
  remedy: 'snapflow list --state needs-decision,overdue,blocked,failed',
});
