import type { Check } from '../../contract/check';
import { DEFAULT_CONNECTION } from '../../contract/names';
import { operationCommand, requestOptions, type CommandTarget } from '../../contract/operation-command';
import type { ListedOperation } from '../list-operations';

/** One that waits for a person, or that a person should look at. */
export const needsAttention = (operation: ListedOperation): Check => {
  const { id, state, condition } = operation;
  const about = { check: 'operations', subject: id } as const;
  const said = `the ${described(operation)}`;
  if (state === 'needs-decision')
    return {
      ...about,
      state: 'failed',
      message: `${said} needs a decision: looking cannot tell whether it had its effect`,
      remedy: `${operationCommand('status', targetOf(operation))} shows what it asks and what to type`,
    };
  return {
    ...about,
    state: 'warning',
    message: `${said} is ${condition}`,
    remedy: `${operationCommand('status', targetOf(operation))} says on what`,
  };
};

/** One that somebody terminated: nothing was undone. */
export const terminatedRun = (operation: ListedOperation): Check => ({
  check: 'operations',
  subject: operation.id,
  state: 'warning',
  message: `the ${described(operation)} was terminated: nothing was undone, and what it made may be left`,
  remedy: `repeat the command with ${requestOptions(targetOf(operation))} --again, which finds what this run made, or look on vSphere for ${operation.name ?? operation.vm}`,
});

const described = ({ operation, vm, name }: ListedOperation): string =>
  `${operation} of ${vm}${name === undefined ? '' : ` to ${name}`}`;

const targetOf = ({ id, workflowId }: ListedOperation): CommandTarget => {
  const [, connection = ''] = workflowId.split(':');
  return { requestId: id, ...(isOther(connection) ? { connection } : {}) };
};

const isOther = (connection: string): boolean => connection !== '' && connection !== DEFAULT_CONNECTION;
