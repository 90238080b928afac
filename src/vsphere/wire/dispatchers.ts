import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { buildConnector, Client, Pool, type Dispatcher } from 'undici';
import { omitUndefined } from '../../contract/omit-undefined';
import type { VsphereHost } from '../errors';
import type { HostSettings } from '../settings';
import { THUMBPRINT_MISMATCH } from './wire-failure';

/** Makes the pool for a host's reads (`reads`, once) and the client of one changing call (`change`, each time). */
export type DispatcherFor = (use: {
  host: VsphereHost;
  origin: string;
  purpose: 'reads' | 'change';
}) => ChangeDispatcher;

/** A dispatcher whose connections may be thrown away. */
export interface ChangeDispatcher extends Dispatcher {
  /** Ends the connection by a reset, so that the kernel forgets what it has not delivered yet. */
  reset?(): void;
}

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
      : changeClient(origin, settings, connect);
}

/**
 * A closed socket is not a forgotten one: the kernel goes on delivering its bytes for up to 102 s (Linux,
 * `tcp_orphan_retries`), long after the safety wait of a start call. So a call that is given up is reset, over TLS on
 * the TCP socket below it.
 */
function changeClient(origin: string, settings: HostSettings, connect: Connector): ChangeDispatcher {
  let tcp: Socket | undefined;
  const connectTcp = buildConnector({ timeout: settings.callDeadlineMs });
  const client = new Client(origin, {
    pipelining: 1,
    connect: (options, callback) =>
      connectTcp({ ...options, protocol: 'http:' }, (...[error, socket]) => {
        if (error) return callback(error, null);
        tcp = socket;
        if (options.protocol !== 'https:') return callback(null, socket);
        connect({ ...options, httpSocket: socket }, callback);
      }),
  });
  return Object.assign(client, { reset: () => void tcp?.resetAndDestroy() });
}

type Connector = ReturnType<typeof buildConnector>;

/** Opens connections as the settings say. A pinned certificate is compared before undici gets the socket to write on. */
function pinnedConnector(settings: HostSettings): Connector {
  const connect = buildConnector({
    timeout: settings.callDeadlineMs,
    rejectUnauthorized: settings.verifyChain,
    ...omitUndefined({
      ca: settings.ca,
      // A resumed TLS session shows no certificate to compare, so a pinned host never resumes one.
      maxCachedSessions: settings.thumbprint === undefined ? undefined : 0,
    }),
  });
  const { thumbprint } = settings;
  if (thumbprint === undefined) return connect;
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      const mismatch = thumbprintMismatch(socket, thumbprint);
      if (!mismatch) return callback(null, socket);
      socket.destroy();
      callback(mismatch, null);
    });
}

function thumbprintMismatch(socket: unknown, pinned: string): Error | undefined {
  const shown = socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : undefined;
  if (shown?.replaceAll(':', '') === pinned) return undefined;
  const message = `the server's certificate has the SHA-256 thumbprint ${shown ?? 'none'}, not the pinned one`;
  return Object.assign(new Error(message), { code: THUMBPRINT_MISMATCH });
}
