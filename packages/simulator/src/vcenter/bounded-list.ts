import type { Reply } from '../http/operation';
import { VapiError } from '../http/vapi-error';

/** Only the id tells it from a want of room. vCenter names the kind of object before the last part. */
const TOO_MANY = 'com.vmware.api.vcenter.too_many_matches';

/** A list as a bare array; vCenter refuses to list more than `maxMatches`, it never cuts. */
export function boundedList(items: readonly unknown[], maxMatches: number): Reply {
  if (items.length > maxMatches) {
    const message = `More than ${maxMatches} objects match the filter.`;
    throw new VapiError('UNABLE_TO_ALLOCATE_RESOURCE', message, [], TOO_MANY);
  }
  return { status: 200, body: items };
}
