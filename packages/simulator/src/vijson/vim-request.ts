import { z } from 'zod';
import { sessionEnded } from '../http/authenticate';
import { VapiError, VimFault } from '../http/errors';
import type { Call } from '../http/operation';
import { sessionSecret } from '../http/read-request';
import { knowsRelease } from '../world/releases';
import type { Session } from '../world/sessions';
import type { World } from '../world/world';
import { reference } from './managed-object';

/** A release that the server does not know is 404; an unknown object of a known release is a fault. */
export function requirePath(world: World, call: Call, type: string, moId: string): void {
  const release = call.params['release'] ?? '';
  if (!knowsRelease(world.release, release)) {
    throw new VapiError('NOT_FOUND', `The release ${release} is not served.`, [release]);
  }
  const asked = call.params['moId'];
  if (asked === undefined || asked === moId) return;
  throw new VimFault('ManagedObjectNotFound', { obj: reference(type, asked) });
}

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

/** The body in its documented shape, or the fault InvalidRequest. */
export function readVimBody<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new VimFault('InvalidRequest');
  }
}

/** A body need not name its type. Clients that do give the name of the method, or that of its request type. */
export const requestOf = (method: string) => z.enum([method, `${method}RequestType`]).optional();
