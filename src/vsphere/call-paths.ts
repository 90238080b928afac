import type { CallFailure } from './call-failure';
import type { CallOptions } from './call-options';
import { ArgumentRefused, requireId, requireText, targetPaths } from './call-target';
import type { VsphereCall } from './vsphere-call';

/** Printable ASCII: anything else has no place in a header. */
const REQUEST_ID = /^[\x21-\x7e]{1,200}$/;

/** The request paths of a call whose every argument can be right; else throws, before anything is sent. */
export function callPaths(
  call: VsphereCall<unknown>,
  options: CallOptions,
  failure: CallFailure,
): readonly string[] {
  try {
    for (const id of call.bodyIds ?? []) if (id !== undefined) requireId(id);
    for (const name of call.bodyNames ?? []) requireText(name, 'a name');
    if (options.requestId !== undefined && !REQUEST_ID.test(options.requestId)) {
      throw new ArgumentRefused('the request id is not 1 to 200 printable ASCII characters');
    }
    return targetPaths(call);
  } catch (thrown) {
    throw failure.from(thrown);
  }
}
