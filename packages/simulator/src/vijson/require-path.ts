import type { Call } from '../http/operation';
import { VapiError } from '../http/vapi-error';
import { VimFault } from '../http/vim-fault';
import type { World } from '../world/world';
import { reference } from './managed-object';
import { knowsRelease } from '../world/releases';

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
