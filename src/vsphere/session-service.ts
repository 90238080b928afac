import { z } from 'zod';
import type { Credential } from './authentication';
import { startCallDeadline } from './call-deadline';
import type { CallFailure } from './call-failure';
import type { HostWire } from './host-wire';
import { readReply } from './read-reply';
import type { VsphereSettings } from './settings';
import type { SessionService } from './session-authentication';
import type { VsphereCall } from './vsphere-call';
import { withinDeadline } from './within-deadline';

/** A shutdown must not hang on a server that is gone; its sessions end by themselves. */
const LOGOUT_DEADLINE_MS = 3_000;

/** A session id goes into a header: anything else than printable ASCII would be refused there. */
const sessionId = z.string().regex(/^[\x21-\x7e]{1,4096}$/);

/** Login by user name and password at a session resource, `/api/session` or `/api/snapservice/sessions`. */
export function sessionService(
  wire: HostWire,
  path: readonly string[],
  account: Pick<VsphereSettings, 'username' | 'password'>,
): SessionService {
  const { host, callDeadlineMs } = wire.settings;
  const subject = `user ${account.username}`;
  const target = { path, subject } as const;
  const login: VsphereCall<string> = {
    ...target,
    operation: `${host}.login`,
    method: 'POST',
    reply: sessionId,
    login: true,
  };
  const logout: VsphereCall<void> = {
    ...target,
    operation: `${host}.logout`,
    method: 'DELETE',
    reply: null,
  };

  async function send<T>(
    call: VsphereCall<T>,
    deadlineMs: number,
    headersOf: (failure: CallFailure) => Promise<Record<string, string>>,
    requestId?: string,
  ): Promise<T> {
    const deadline = startCallDeadline(deadlineMs);
    // Not a change: whatever happens to a login, the call that needed it had no effect.
    const failure = wire.failure(call, false);
    try {
      const headers = await withinDeadline(headersOf(failure), deadline.signal);
      const sending = { path: `/${path.join('/')}`, headers, requestId, signal: deadline.signal };
      return readReply(call, await wire.send(call, { ...sending, purpose: 'change' }), failure);
    } catch (thrown) {
      throw failure.from(thrown);
    } finally {
      deadline.end();
    }
  }

  return {
    login: (requestId) => send(login, callDeadlineMs, (failure) => basic(account, failure), requestId),
    logout: ({ headers }: Credential) => send(logout, LOGOUT_DEADLINE_MS, async () => ({ ...headers })),
  };
}

async function basic(
  { username, password }: Pick<VsphereSettings, 'username' | 'password'>,
  failure: CallFailure,
): Promise<Record<string, string>> {
  const secret = await readPassword(password, failure);
  const encoded = Buffer.from(`${username}:${secret}`, 'utf8').toString('base64');
  failure.hide(secret);
  failure.hide(encoded);
  return { authorization: `Basic ${encoded}` };
}

async function readPassword(password: VsphereSettings['password'], failure: CallFailure): Promise<string> {
  if (typeof password === 'string') return password;
  try {
    return await password();
  } catch {
    // What it threw may hold the password, or what leads to it.
    throw failure.here('login-refused', 'the password could not be read');
  }
}
