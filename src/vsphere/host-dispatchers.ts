import { Client, Pool, type Dispatcher } from 'undici';
import type { HostSettings } from './host-settings';
import { pinnedConnector } from './pinned-connector';
import type { VsphereHost } from './vsphere-error';

/** Makes the pool for a host's reads (`reads`, once) and the client of one changing call (`change`, each time). */
export type DispatcherFor = (use: {
  host: VsphereHost;
  origin: string;
  purpose: 'reads' | 'change';
}) => Dispatcher;

/** Longer than the usual poll interval of a few seconds, shorter than the idle limits of the front ends. */
const KEEP_ALIVE_MS = 20_000;

/** Real connections: a bounded pool for reads, and for each changing call a client whose one connection is its own. */
export function hostDispatchers(settings: HostSettings): DispatcherFor {
  const connect = pinnedConnector(settings);
  return ({ origin, purpose }) =>
    purpose === 'reads'
      ? new Pool(origin, {
          connect,
          connections: settings.maxConnections,
          pipelining: 1,
          keepAliveTimeout: KEEP_ALIVE_MS,
        })
      : new Client(origin, { connect, pipelining: 1 });
}
