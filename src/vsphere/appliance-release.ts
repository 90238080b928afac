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

const ABOUT: VsphereCall<{ version: string }> = {
  operation: 'about',
  subject: '',
  method: 'GET',
  path: ['api', 'snapservice', 'info', 'about'],
  reply: z.object({ version: text }),
};

/** `GET /api/snapservice/info/about` without credentials; undefined when the appliance tells that to nobody. */
export async function applianceVersion(wire: HostWire, requestId?: string): Promise<string | undefined> {
  try {
    const { version } = await sessionlessExchange(wire, ABOUT, {
      deadlineMs: wire.settings.callDeadlineMs,
      requestId,
      purpose: 'reads',
      compose: async () => ({ headers: {} }),
      read: (reply, failure) => readReply(ABOUT, reply, failure),
    });
    return version;
  } catch (error) {
    if (error instanceof VsphereError && HIDING.has(error.kind)) return undefined;
    throw error;
  }
}

/** Which of the two logins this appliance has. */
export function applianceLogin(wire: HostWire): (requestId?: string) => Promise<ApplianceLogin> {
  return async (requestId) => {
    const version = await applianceVersion(wire, requestId);
    if (version === undefined) return 'hidden';
    const login = loginOf(version);
    if (login) return login;
    const why = `the snapshot appliance is of release ${redact(version, [])}, supported are ${SUPPORTED}`;
    throw wire.failure(ABOUT, false).here('unsupported-release', why);
  };
}

const HIDING: ReadonlySet<string> = new Set(['unauthenticated', 'forbidden']);

function loginOf(version: string): ApplianceLogin | undefined {
  const [, major, minor, update] = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:\.|$)/.exec(version) ?? [];
  if (major === '9') return 'sessions';
  return major === '8' && minor === '0' && Number(update ?? 0) >= 3 ? 'assertions' : undefined;
}
