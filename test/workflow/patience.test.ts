import { misbehavingServers } from './patience/misbehaving-servers';
import { skewedAppliance } from './patience/skewed-appliance';
import { unreachableSites } from './patience/unreachable-sites';
import { untrustedCertificates } from './patience/untrusted-certificates';
import { unusableReads } from './patience/unusable-reads';

/** Before the start a read that fails is asked for eleven times, one to two minutes, before that is final: all wait at once. */
jest.setTimeout(300_000);

const CASES = {
  'a certificate that cannot be trusted': untrustedCertificates,
  'a server that misbehaves before the start': misbehavingServers,
  'a site that cannot be reached as configured': unreachableSites,
  'an appliance whose clock is behind by more than an assertion forgives': skewedAppliance,
  'a prepare that reads nothing usable': unusableReads,
} as const;

const ends = new Map<string, Promise<void>>();

beforeAll(() => {
  for (const [title, body] of Object.entries(CASES)) {
    const end = body();
    // Its own test tells of it.
    end.catch(() => undefined);
    ends.set(title, end);
  }
});

// Also those that are not asked for by their titles.
afterAll(() => Promise.allSettled(ends.values()));

test.each(Object.keys(CASES))(
  '%s is final after the attempts, in one sentence, without an effect',
  async (title) => {
    expect(ends.has(title)).toBe(true);
    await ends.get(title);
  },
);
