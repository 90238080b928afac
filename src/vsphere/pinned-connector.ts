import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import type { HostSettings } from './host-settings';
import { THUMBPRINT_MISMATCH } from './tls-refusal';

type Connector = ReturnType<typeof buildConnector>;

/** Opens connections as the settings say. A pinned certificate is compared before undici gets the socket to write on. */
export function pinnedConnector(settings: HostSettings): Connector {
  const connect = buildConnector({
    timeout: settings.callDeadlineMs,
    rejectUnauthorized: settings.verifyChain,
    ...(settings.ca === undefined ? {} : { ca: settings.ca }),
    // A resumed TLS session shows no certificate to compare, so a pinned host never resumes one.
    ...(settings.thumbprint === undefined ? {} : { maxCachedSessions: 0 }),
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
