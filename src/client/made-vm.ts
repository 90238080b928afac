import { DeletionRefused } from './deletion-refused';
import type { OperationStatus } from './operation-status';

/**
 * The machine that a clone made.
 * @throws DeletionRefused when it is no clone that succeeded
 */
export const madeVm = ({ id, operation, state, result }: OperationStatus<unknown>): string => {
  if (operation !== 'clone')
    throw new DeletionRefused(`The operation ${id} is a revert: it made no machine.`);
  const { vmId } = (result ?? {}) as { vmId?: unknown };
  if (state === 'succeeded' && typeof vmId === 'string') return vmId;
  throw new DeletionRefused(
    `The clone ${id} is ${state}, so nothing of it is deleted: ${
      state === 'running' || state === 'needs-decision'
        ? 'end it with snapflow cancel, which deletes what it made'
        : 'its failure names what is left, if anything is'
    }.`,
  );
};
