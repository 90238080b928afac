import { causeOf, requireSession } from '../http/authenticate';
import { VapiError } from '../http/errors';
import type { Call, Reply } from '../http/operation';
import type { Cause } from '../world/ledger';
import { requirePrivileges } from '../world/look-up';
import type { World } from '../world/world';

/** Whoever makes the call: authenticated at vCenter, and allowed to do what needs this privilege. */
export function authorizeVcenter(world: World, call: Call, privilege: string): Cause {
  const session = requireSession(world.vcenterSessions, world.settings, call);
  requirePrivileges(world, session.user, [privilege]);
  return causeOf(session, call);
}

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
