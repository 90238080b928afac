import { once } from 'node:events';
import { connect } from 'node:tls';

/** Asked only after a connection failed; a server that is up shakes hands in milliseconds. */
const PROBE_MS = 1_000;

/** What Node and OpenSSL call an answer that is no TLS. */
const NO_TLS: readonly unknown[] = [
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'EPROTO',
];

/**
 * Why a server that listens did not answer, where it is for TLS: one shakes hands with it, and the other does not.
 * @param address `host:port`
 * @returns a sentence with its remedy; undefined where TLS is not the reason, or nobody listens
 */
export const tlsMismatch = async (address: string, asksWithTls: boolean): Promise<string | undefined> => {
  const { hostname, port } = new URL(`tls://${address}`);
  // It is only looked at: nothing is sent, so nothing has to be trusted.
  const socket = connect({
    host: hostname.replaceAll(/[[\]]/g, ''),
    port: Number(port || 7233),
    rejectUnauthorized: false,
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(PROBE_MS) });
    if (!asksWithTls)
      return `The server at ${address} speaks TLS, and it was asked without: set TEMPORAL_TLS=true, or tls in the profile of Temporal's configuration file.`;
    const { code } = (socket.authorizationError ?? {}) as NodeJS.ErrnoException;
    return socket.authorized
      ? undefined
      : `The certificate of the Temporal server at ${address} is not trusted (${code ?? String(socket.authorizationError)}): give its authority as TEMPORAL_TLS_SERVER_CA_CERT_PATH, or correct TEMPORAL_TLS_SERVER_NAME.`;
  } catch (error) {
    const isPlain = asksWithTls && NO_TLS.includes((error as NodeJS.ErrnoException).code);
    return isPlain
      ? `What answers at ${address} speaks no TLS, and it was asked with TLS: unset TEMPORAL_TLS and TEMPORAL_API_KEY, or correct the address.`
      : undefined;
  } finally {
    socket.destroy();
  }
};
