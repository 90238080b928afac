import type { CallFailure } from './call-failure';
import type { VsphereSettings } from './settings';

/** Whom a connection logs in as, on both hosts. */
export type Account = Pick<VsphereSettings, 'username' | 'password'>;

/** The password as it is now, taken out of every text of this call from here on. */
export async function passwordOf({ password }: Account, failure: CallFailure): Promise<string> {
  const secret = typeof password === 'string' ? password : await ask(password, failure);
  failure.hidePassword(secret);
  return secret;
}

const READABLE = (): string =>
  'give the worker a passwordFile that it can read; the next login is tried after a minute';

async function ask(password: () => Promise<string>, failure: CallFailure): Promise<string> {
  try {
    return await password();
  } catch {
    // What it threw may hold the password, or what leads to it.
    throw failure.here('login-refused', 'the password could not be read', READABLE);
  }
}
