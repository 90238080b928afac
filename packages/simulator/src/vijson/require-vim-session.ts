import type { Call } from '../http/operation';
import { sessionEnded } from '../http/authenticate';
import { sessionSecret } from '../http/session-header';
import { VimFault } from '../http/vim-fault';
import type { Session } from '../world/sessions';
import type { World } from '../world/world';
import { reference } from './managed-object';

/** The session of the call, if it is one that VI/JSON takes: before 8.0 U3 only one of its own. */
export function vimSession({ settings, vcenterSessions }: World, call: Call): Session | undefined {
  const session = vcenterSessions.use(sessionSecret(call));
  return settings.sdkSessions === 'shared' || session?.bySdk ? session : undefined;
}

/** The session of the call, or the fault NotAuthenticated. */
export function requireVimSession(world: World, call: Call, type: string, moId: string): Session {
  const session = vimSession(world, call);
  if (session) return session;
  const own = new VimFault('NotAuthenticated', { object: reference(type, moId), privilegeId: 'System.View' });
  // A session that is only none of VI/JSON's own has not ended.
  const hasEnded = world.vcenterSessions.use(sessionSecret(call)) === undefined;
  throw hasEnded ? sessionEnded(world.settings, own) : own;
}
