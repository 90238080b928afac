import type { Check } from '../../contract/check';
import type { CallOptions } from '../../vsphere';
import type { Site } from '../site';
import type { Bound } from './attempt';
import { checkAppliance } from './check-appliance';
import { checkVcenter } from './check-vcenter';

/** All looks at one connection; the asker waits a minute, and every connection is looked at side by side. */
const PER_CONNECTION_MS = 15_000;

/** How every connection stands. A dead one delays the others not at all, and is a failed check, never a failure. */
export async function checkConnections(
  sites: readonly Site[],
  options: CallOptions,
): Promise<readonly Check[]> {
  return (await Promise.all(sites.map((site) => checkConnection(site, options)))).flat();
}

async function checkConnection(site: Site, options: CallOptions): Promise<readonly Check[]> {
  const limit = AbortSignal.timeout(PER_CONNECTION_MS);
  const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
  const bound: Bound = { ms: PER_CONNECTION_MS, signal: limit };
  const limited = { ...options, signal };
  const hosts = await Promise.all([checkVcenter(site, limited, bound), checkAppliance(site, limited, bound)]);
  return [...hosts.flat(), ...site.configured];
}
