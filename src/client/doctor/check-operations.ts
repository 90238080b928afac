import type { Check } from '../../contract/check';
import { listOperations, type ListedOperation } from '../list-operations';
import type { TemporalLink } from '../temporal-link';
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
  const checks = [...waiting.map(attention), ...terminated.map(leftover)];
  if (checks.length === 0)
    return [{ check: 'operations', subject: link.namespace, state: 'ok', message: 'none needs attention' }];
  const rest = checks.length - MOST_LINES;
  return rest <= 0 ? checks : [...checks.slice(0, MOST_LINES), andMore(link, checks.slice(MOST_LINES))];
};

const attention = (operation: ListedOperation): Check => {
  const { id, state, condition } = operation;
  const about = { check: 'operations', subject: id } as const;
  const said = `the ${described(operation)}`;
  if (state === 'needs-decision')
    return {
      ...about,
      state: 'failed',
      message: `${said} needs a decision: looking cannot tell whether it had its effect`,
      remedy: `snapflow status ${given(operation)} shows what it asks and what to type`,
    };
  return {
    ...about,
    state: 'warning',
    message: `${said} is ${condition}`,
    remedy: `snapflow status ${given(operation)} says on what`,
  };
};

const leftover = (operation: ListedOperation): Check => ({
  check: 'operations',
  subject: operation.id,
  state: 'warning',
  message: `the ${described(operation)} was terminated: nothing was undone, and what it made may be left`,
  remedy: `repeat the command with --request-id ${given(operation)} --again, which finds what this run made, or look on vSphere for ${operation.name ?? operation.vm}`,
});

const andMore = (link: TemporalLink, rest: readonly Check[]): Check => ({
  check: 'operations',
  subject: link.namespace,
  state: rest.some(({ state }) => state === 'failed') ? 'failed' : 'warning',
  message: `and ${rest.length} more`,
  remedy: 'snapflow list --state needs-decision,overdue,blocked,failed',
});

const described = ({ operation, vm, name }: ListedOperation): string =>
  `${operation} of ${vm}${name === undefined ? '' : ` to ${name}`}`;

/** How `status` finds it: by id, and by connection where that is not the default. */
const given = ({ id, workflowId }: ListedOperation): string => {
  const [, connection = ''] = workflowId.split(':');
  return connection === '' || connection === 'default' ? id : `${id} --connection ${connection}`;
};
