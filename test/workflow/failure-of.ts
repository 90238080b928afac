import { OperationFailed, type OperationFailure } from '../../src/client';
import { FAILURES, isFailureType } from '../../src/contract/failures';

/** How an operation failed, with the exit code that callers get; an error of the test when it did not. */
export async function failureOf(operation: {
  result(): Promise<unknown>;
}): Promise<OperationFailure & { readonly exitCode: number }> {
  const end: unknown = await operation.result().catch((thrown: unknown) => thrown);
  if (!(end instanceof OperationFailed)) throw new Error(`no failure but ${JSON.stringify(end)}`);
  const { type } = end.failure;
  if (!isFailureType(type)) throw new Error(`${type} is none of the failures that an operation ends with`);
  return { ...end.failure, exitCode: FAILURES[type].exitCode };
}
