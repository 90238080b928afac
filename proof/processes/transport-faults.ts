import { HAPPENED, type DidFire, type Fault } from './fault';
import type { Reached } from './firing-point';
import type { RoundEnvironment } from './round-environment';
import { hasCallsToCome, isPassing, mayRefuseLogin, unless } from './window-sets';

/** Ends the held call so, or where none is held the next one that the worker makes. */
const answered =
  (action: unknown) =>
  async (round: RoundEnvironment, reached: Reached): Promise<DidFire> => {
    if (reached.rest !== undefined) {
      await round.control.release(reached.rest.hold, action);
      return () => true;
    }
    const hasFired = await round.control.fault({ operation: '*', position: 'after', action, count: 1 });
    await reached.release('go-on');
    return hasFired;
  };

/** Most replies can be spoilt at any call. */
const spoilt = (title: string, action: unknown): Fault => ({
  group: 'B',
  title,
  impossible: (cell) => unless(hasCallsToCome(cell) || isHeld(cell), 'no call to vSphere follows'),
  strike: answered(action),
});

const isHeld = ({ window }: { readonly window: string | null }): boolean => window === 'K23';

const LATE_MS = 2_500;
const SLOW_MS = 1_500;
/** Longer than the call deadline of ten seconds. */
const NEVER_MS = 60_000;
/** Fewer than the attempts that a read before the start has, at both hosts together. */
const FEW_CONNECTIONS = 2;

const BEFORE_EFFECT = ['K11', 'K20'];

const atHosts =
  (fault: 'refuse' | 'stall', count: number) =>
  async (round: RoundEnvironment, reached: Reached): Promise<DidFire> => {
    round.hosts.forEach((host) => host.strike(fault, count));
    await reached.release('go-on');
    return () => round.hosts.some((host) => host.struck() > 0);
  };

/** B: transport between worker and vSphere. */
export const TRANSPORT_FAULTS = {
  'lost-reply': {
    group: 'B',
    title: 'the held call is reset: before its effect, or instead of its reply',
    impossible: (cell) => unless(!isPassing(cell), 'nothing is held there that could be lost'),
    strike: async (_scene, reached) => {
      await reached.release('lost');
      return HAPPENED;
    },
  },
  reset: spoilt('the connection is reset instead of a reply', 'reset'),
  'never-answered': {
    ...spoilt('the call is accepted and not answered within any deadline', { delayMs: NEVER_MS }),
    impossible: ({ window }) =>
      BEFORE_EFFECT.includes(window ?? '')
        ? 'its effect would come after the quarantine: a named limit'
        : unless(
            hasCallsToCome({ window, operation: 'clone', profile: 'test' }) || window === 'K23',
            'no call to vSphere follows',
          ),
  },
  'late-effect': {
    group: 'B',
    title: 'the effect comes late, and within the quarantine',
    impossible: ({ window }) => unless(BEFORE_EFFECT.includes(window ?? ''), 'the effect is there already'),
    strike: answered({ delayMs: LATE_MS }),
  },
  'slow-first-byte': spoilt('the first byte is slow', { delayMs: SLOW_MS }),
  drip: spoilt('the reply comes one byte each quarter of a second', 'drip'),
  truncated: spoilt('the reply is cut in the middle', 'truncate'),
  html: spoilt('a front end answers 502 with HTML', 'html'),
  huge: spoilt('the reply has 64 MiB', 'huge'),
  redirect: spoilt('the reply is a redirect', 'redirect'),
  'status-500': spoilt('500 without an error body', { status: 500 }),
  'status-503-bare': spoilt('503 without an error body', { status: 503 }),
  'gateway-401': {
    ...spoilt('a gateway answers 401 without a body', { status: 401, body: 'empty' }),
    expect: mayRefuseLogin,
  },
  'gateway-403': spoilt('a gateway answers 403 with HTML', { status: 403, body: 'html' }),
  'gateway-503': spoilt('a gateway answers 503 with a legacy body', { status: 503, body: 'legacy' }),
  'status-503-own': spoilt('503 SERVICE_UNAVAILABLE', { status: 503, errorType: 'SERVICE_UNAVAILABLE' }),
  'status-504': spoilt('504 TIMED_OUT', { status: 504, errorType: 'TIMED_OUT' }),
  'repeated-post': {
    group: 'B',
    title: 'a proxy repeats the POST',
    impossible: ({ window }) => unless(window === 'K11', 'no changing POST is held before its effect'),
    expect: () => ({
      outcomes: ['succeeded', 'needs-decision'],
      undecidable: true,
      twoEffectsPossible: 'a proxy repeats the POST behind everybody',
    }),
    strike: answered('repeat'),
  },
  'connection-refused': {
    group: 'B',
    title: 'open connections end, and the next ones are reset',
    impossible: (cell) => unless(hasCallsToCome(cell), 'no call to vSphere follows'),
    strike: atHosts('refuse', FEW_CONNECTIONS),
  },
  'connection-stalled': {
    group: 'B',
    title: 'open connections end, and the next one is accepted and never served',
    impossible: (cell) => unless(hasCallsToCome(cell), 'no call to vSphere follows'),
    strike: atHosts('stall', 1),
  },
  'tls-expired': tlsOnly('an expired certificate'),
  'tls-wrong-host': tlsOnly('a certificate of another host'),
  'tls-unknown-ca': tlsOnly('a certificate of an unknown authority'),
} as const satisfies Record<string, Fault>;

/** Bad certificates are refused before a byte is sent: tier 4 shows that for each host. */
function tlsOnly(title: string): Fault {
  return {
    group: 'B',
    title,
    impossible: () => 'a certificate cannot change within a round; tier 4 meets every call with it',
    strike: () => Promise.reject(new Error('never struck')),
  };
}
