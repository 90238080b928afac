import { VapiError } from '../http/vapi-error';
import type { World } from './world';

/** UNAUTHORIZED when the user lacks one of the privileges; the message does not say which, as the real one. */
export function requirePrivileges(world: World, user: string, privileges: readonly string[]): void {
  if (privileges.every((privilege) => world.users.may(user, privilege))) return;
  throw new VapiError('UNAUTHORIZED', 'Permission to perform this operation was denied.');
}
