import type { Reply } from '../http/operation';
import { VapiError } from '../http/vapi-error';

/** A list as a bare array; vCenter refuses to list more than `maxMatches`, it never cuts. */
export function boundedList(items: readonly unknown[], maxMatches: number): Reply {
  if (items.length > maxMatches) {
    throw new VapiError('UNABLE_TO_ALLOCATE_RESOURCE', `More than ${maxMatches} objects match the filter.`);
  }
  return { status: 200, body: items };
}
