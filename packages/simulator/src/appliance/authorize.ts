import { causeOf, requireSession, unauthenticated } from '../http/authenticate';
import type { Call } from '../http/operation';
import { signedUser } from '../sts/sts-operations';
import type { Cause } from '../world/ledger';
import { requirePrivileges } from '../world/look-up';
import { knowsRelease } from '../world/releases';
import type { World } from '../world/world';

/** Authenticated only, by an assertion or, where there are any, a session; for calls whose privileges are checked after their objects were found. */
export function identify(world: World, call: Call): Cause {
  const user = signedUser(world, call.headers.authorization, world.applianceNowMs());
  if (user !== undefined) return causeOf({ user }, call);
  if (!hasSessions(world)) throw unauthenticated();
  return causeOf(requireSession(world.applianceSessions, world.settings, call), call);
}

/** Whoever makes the call: authenticated, and allowed to do what needs these privileges. */
export function authorize(world: World, call: Call, privileges: readonly string[]): Cause {
  const cause = identify(world, call);
  requirePrivileges(world, cause.user, privileges);
  return cause;
}

/** From 9.0 on the appliance has sessions; before, every call carries a signed assertion. Later ones take that, too. */
export function hasSessions({ release }: Pick<World, 'release'>): boolean {
  return knowsRelease(release, '9.0.0.0');
}
