import { causeOf, requireSession } from '../http/authenticate';
import type { Call } from '../http/operation';
import type { Cause } from '../world/ledger';
import { requirePrivileges } from '../world/require-privilege';
import type { World } from '../world/world';

/** Whoever makes the call: authenticated at vCenter, and allowed to do what needs this privilege. */
export function authorizeVcenter(world: World, call: Call, privilege: string): Cause {
  const session = requireSession(world.vcenterSessions, world.settings, call);
  requirePrivileges(world, session.user, [privilege]);
  return causeOf(session, call);
}
