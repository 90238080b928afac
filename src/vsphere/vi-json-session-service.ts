import { z } from 'zod';
import { passwordOf, type Account } from './account';
import type { HostWire } from './host-wire';
import { LOGOUT_DEADLINE_MS } from './logout-deadline';
import { readReply } from './read-reply';
import { text } from './reply-fields';
import type { SessionService } from './session-authentication';
import { sessionId } from './session-id';
import { sessionlessExchange } from './sessionless-exchange';
import type { FindViJsonRoot } from './vi-json';
import type { VsphereCall } from './vsphere-call';

const userSession = z.object({ userName: text });

/** VI/JSON's own login (SessionManager `Login`); the session id comes in the reply's header. */
export function viJsonSessionService(
  wire: HostWire,
  rootOf: FindViJsonRoot,
  account: Account,
): SessionService {
  const subject = `user ${account.username}`;
  const managerCall = async (method: string, requestId?: string) => {
    const root = await rootOf(requestId === undefined ? {} : { requestId });
    return {
      subject,
      method: 'POST',
      path: [...root.base, 'SessionManager', root.sessionManagerId, method],
    } as const;
  };
  return {
    async login(requestId) {
      const target = await managerCall('Login', requestId);
      const call = { ...target, operation: 'vijson.login', reply: userSession, login: true } as const;
      return sessionlessExchange(wire, call, {
        deadlineMs: wire.settings.callDeadlineMs,
        requestId,
        purpose: 'change',
        compose: async (failure) => {
          const password = await passwordOf(account, failure);
          const body = { _typeName: 'LoginRequestType', userName: account.username, password };
          return { headers: {}, body: { type: 'application/json', text: JSON.stringify(body) } };
        },
        read: (reply, failure) => {
          readReply(call, reply, failure);
          const named = sessionId.safeParse(reply.sessionId);
          if (named.success) return named.data;
          throw failure.fromReply('malformed', reply.status, 'names no session');
        },
      });
    },
    async logout({ headers }) {
      const target = await managerCall('Logout');
      const call: VsphereCall<void> = { ...target, operation: 'vijson.logout', reply: null };
      await sessionlessExchange(wire, call, {
        deadlineMs: LOGOUT_DEADLINE_MS,
        requestId: undefined,
        purpose: 'change',
        compose: async () => ({ headers }),
        read: (reply, failure) => readReply(call, reply, failure),
      });
    },
  };
}
