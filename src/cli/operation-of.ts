import type { OperationHandle } from '../client';
import type { ActionContext } from './run-action';

/** The operation that a command was given the id of. */
export const operationOf = (
  { snapflow, signal }: ActionContext,
  id: string,
  { connection }: { readonly connection?: string },
): Promise<OperationHandle> =>
  snapflow.operation(id, { signal, ...(connection === undefined ? {} : { connection }) });
