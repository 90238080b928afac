import { passwordOf, type Account } from './account';
import type { Credential } from './authentication';
import type { CallFailure } from './call-failure';
import type { HostWire } from './host-wire';
import { readReply } from './read-reply';
import type { SessionService } from './session-authentication';
import { sessionId } from './session-id';
import { LOGOUT_DEADLINE_MS } from './logout-deadline';
import { sessionlessExchange } from './sessionless-exchange';
import type { VsphereCall } from './vsphere-call';

/** Login by user name and password at a session resource, `/api/session` or `/api/snapservice/sessions`. */
export function sessionService(wire: HostWire, path: readonly string[], account: Account): SessionService {
  const { host, callDeadlineMs } = wire.settings;
  const target = { path, subject: `user ${account.username}` } as const;
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
  return {
    login: (requestId) =>
      sessionlessExchange(wire, login, {
        deadlineMs: callDeadlineMs,
        requestId,
        purpose: 'change',
        compose: async (failure) => ({ headers: await basic(account, failure) }),
        read: (reply, failure) => readReply(login, reply, failure),
      }),
    logout: ({ headers }: Credential) =>
      sessionlessExchange(wire, logout, {
        deadlineMs: LOGOUT_DEADLINE_MS,
        requestId: undefined,
        purpose: 'change',
        compose: async () => ({ headers }),
        read: (reply, failure) => readReply(logout, reply, failure),
      }),
  };
}

async function basic(account: Account, failure: CallFailure): Promise<Record<string, string>> {
  const secret = await passwordOf(account, failure);
  const encoded = Buffer.from(`${account.username}:${secret}`, 'utf8').toString('base64');
  failure.hidePassword(encoded);
  return { authorization: `Basic ${encoded}` };
}
