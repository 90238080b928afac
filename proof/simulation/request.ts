import { omitUndefined } from '../../src/contract/omit-undefined';
import type { Operation, OperationInput, RequestOf } from '../../src/contract/operations';
import type { Plan } from './plan';

export const SOURCE_VM = 'vm-1001';
export const CLONE_NAME = 'ci-42';
const SNAPSHOT = 'nightly-0412';

/** What the plan's requests ask: both the same thing, of the same name or machine. */
export function requestOf(
  { operation, withPower, ownName }: Plan,
  requestId: string,
  afterRunId?: string,
): OperationInput<RequestOf> {
  const request = REQUESTS[operation](withPower, ownName);
  return {
    requestId,
    request,
    ...omitUndefined({ again: afterRunId === undefined ? undefined : { afterRunId } }),
  };
}

const ABOUT = { vm: SOURCE_VM, snapshot: SNAPSHOT };

const REQUESTS: {
  readonly [O in Operation]: (withPower: boolean, uniqueName: true | undefined) => RequestOf<O>;
} = {
  clone: (withPower, uniqueName) => ({
    ...ABOUT,
    name: CLONE_NAME,
    powerOn: withPower,
    ...omitUndefined({ uniqueName }),
  }),
  revert: (withPower) => ({ ...ABOUT, restorePower: withPower }),
};
