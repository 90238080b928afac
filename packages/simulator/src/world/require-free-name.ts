import { VapiError } from '../http/vapi-error';
import { plainName } from './kept-name';
import { isNameTaken } from './look-up';
import type { World } from './world';

/** vCenter's own limit for the name of a virtual machine. */
const MAX_NAME_LENGTH = 80;

export function requireValidName(name: string): void {
  const { length } = plainName(name);
  if (length > 0 && length <= MAX_NAME_LENGTH) return;
  throw new VapiError('INVALID_ARGUMENT', `A name has 1 to ${MAX_NAME_LENGTH} characters.`);
}

/** ALREADY_EXISTS when a VM of this folder has the name now; tasks in flight do not count. */
export function requireFreeName(world: World, folder: string, name: string): void {
  if (!isNameTaken(world, folder, name)) return;
  throw new VapiError('ALREADY_EXISTS', `A virtual machine named ${name} already exists.`, [name]);
}
