import { z } from 'zod';
import type { HostWire } from './host-wire';
import { readReply } from './read-reply';
import { redact } from './redaction';
import { text } from './reply-fields';
import { sessionlessExchange } from './sessionless-exchange';
import type { VsphereCall } from './vsphere-call';
import { VsphereError } from './vsphere-error';

/** How a release is logged in to; `hidden` when the appliance tells its release to nobody without a login. */
export type ApplianceLogin = 'sessions' | 'assertions' | 'hidden';

const SUPPORTED = '8.0.3 and later 8.0 releases, and 9.x';

/** `GET /api/snapservice/info/about` without credentials: which of the two logins this appliance has. */
export function applianceLogin(wire: HostWire): (requestId?: string) => Promise<ApplianceLogin> {
  const call: VsphereCall<{ version: string }> = {
    operation: 'about',
    subject: '',
    method: 'GET',
    path: ['api', 'snapservice', 'info', 'about'],
    reply: z.object({ version: text }),
  };
  return async (requestId) => {
    const { callDeadlineMs: deadlineMs } = wire.settings;
    try {
      return await sessionlessExchange(wire, call, {
        deadlineMs,
        requestId,
        purpose: 'reads',
        compose: async () => ({ headers: {} }),
        read: (reply, failure) => {
          const { version } = readReply(call, reply, failure);
          const login = loginOf(version);
          if (login) return login;
          const why = `the snapshot appliance is of release ${redact(version, [])}, supported are ${SUPPORTED}`;
          throw failure.here('unsupported-release', why);
        },
      });
    } catch (error) {
      if (error instanceof VsphereError && HIDING.has(error.kind)) return 'hidden';
      throw error;
    }
  };
}

const HIDING: ReadonlySet<string> = new Set(['unauthenticated', 'forbidden']);

function loginOf(version: string): ApplianceLogin | undefined {
  const [, major, minor, update] = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:\.|$)/.exec(version) ?? [];
  if (major === '9') return 'sessions';
  return major === '8' && minor === '0' && Number(update ?? 0) >= 3 ? 'assertions' : undefined;
}
