import type { LinkedCloneRequest, OperationInput, RevertRequest } from '../../src/contract/operations';
import type { Plan } from './plan';

export const SOURCE_VM = 'vm-1001';
export const CLONE_NAME = 'ci-42';
const SNAPSHOT = 'nightly-0412';

/** What the plan's requests ask: both the same thing, of the same name or machine. */
export function requestOf(
  { operation, withPower }: Plan,
  requestId: string,
  afterRunId?: string,
): OperationInput<LinkedCloneRequest | RevertRequest> {
  const about = { vm: SOURCE_VM, snapshot: SNAPSHOT };
  const request =
    operation === 'clone'
      ? { ...about, name: CLONE_NAME, powerOn: withPower }
      : { ...about, restorePower: withPower };
  return { requestId, request, ...(afterRunId === undefined ? {} : { again: { afterRunId } }) };
}
