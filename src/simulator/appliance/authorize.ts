import { causeOf, requireSession } from '../http/authenticate';
import type { Call } from '../http/operation';
import type { Cause } from '../world/ledger';
import { requirePrivileges } from '../world/require-privilege';
import type { World } from '../world/world';

/** Whoever makes the call: authenticated, and allowed to do what needs these privileges. */
export function authorize(world: World, call: Call, privileges: readonly string[]): Cause {
  const session = requireSession(world.applianceSessions, call);
  requirePrivileges(world, session.user, privileges);
  return causeOf(session, call);
}

/** Authenticated only; for calls whose privileges are checked after their objects were found. */
export function identify(world: World, call: Call): Cause {
  return causeOf(requireSession(world.applianceSessions, call), call);
}
