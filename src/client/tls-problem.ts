import { omitUndefined } from '../contract/omit-undefined';
import type { ConnectionOptions } from '@temporalio/client';
import { once } from 'node:events';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';

/** Where the Temporal server is, and with which TLS settings it was asked. */
interface Asked {
  /** `host:port`. */
  readonly address: string;
  readonly tls?: ConnectionOptions['tls'];
}

type TlsFiles = Exclude<NonNullable<ConnectionOptions['tls']>, boolean>;

/** Asked only after a connection failed. A server that is up shakes hands in milliseconds. */
const PROBE_MS = 1_000;

/** What Node and OpenSSL call an answer that is no TLS. */
const NO_TLS: readonly unknown[] = [
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'EPROTO',
];

/**
 * Why a server that listens did not answer, where it is for TLS: one shakes hands with it as the SDK did, with the same
 * authority, name and client certificate.
 * @returns a sentence with its remedy. Undefined where TLS is not the reason, or nothing listens
 */
export async function tlsProblem(asked: Asked): Promise<string | undefined> {
  const { address, tls } = asked;
  const asksWithTls = tls !== undefined && tls !== null && tls !== false;
  const files = typeof tls === 'object' && tls !== null ? tls : {};
  let socket: TLSSocket | undefined;
  try {
    socket = shakeHands(address, files);
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(PROBE_MS) });
    if (!asksWithTls)
      return `The server at ${address} speaks TLS, and it was asked without: set TEMPORAL_TLS=true, or tls in the profile of Temporal's configuration file.`;
    const untrusted = untrustedServer(socket, asked, files);
    if (untrusted !== undefined) return untrusted;
    await firstWord(socket);
    return isOfVersion1(socket.getPeerCertificate(true))
      ? `The certificate of the Temporal server at ${address} is of version 1, which Temporal's SDK refuses: issue one of version 3 with the server's name in it.`
      : undefined;
  } catch (error) {
    return asksWithTls ? refusal(error as NodeJS.ErrnoException, address, files) : undefined;
  } finally {
    socket?.destroy();
  }
}

/** It only reads what the server shows. So it goes on with a server that it does not trust. */
function shakeHands(
  address: string,
  { serverRootCACertificate, serverNameOverride, clientCertPair }: TlsFiles,
): TLSSocket {
  const { hostname, port } = new URL(`tls://${address}`);
  const host = hostname.replaceAll(/[[\]]/g, '');
  const isName = /[a-z]/i.test(host) && !host.includes(':');
  const servername = serverNameOverride ?? (isName ? host : undefined);
  return connect({
    host,
    port: Number(port || 7233),
    rejectUnauthorized: false,
    ALPNProtocols: ['h2'],
    ...omitUndefined({ servername }),
    ...(serverRootCACertificate ? { ca: Buffer.from(serverRootCACertificate) } : {}),
    ...(clientCertPair
      ? { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }
      : {}),
  });
}

function untrustedServer(
  { authorized, authorizationError }: TLSSocket,
  { address }: Asked,
  { serverRootCACertificate }: TlsFiles,
): string | undefined {
  if (authorized) return undefined;
  const code = (authorizationError as NodeJS.ErrnoException | undefined)?.code ?? String(authorizationError);
  const certificate = `The certificate of the Temporal server at ${address}`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `${certificate} is for another name (${code}): set TEMPORAL_TLS_SERVER_NAME to a name that it has, or correct the address.`;
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `${certificate} is not valid today (${code}): renew it, or correct this machine's clock.`;
  return serverRootCACertificate
    ? `${certificate} is not signed by the authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH (${code}): give the authority that signed it.`
    : `${certificate} is not trusted (${code}): give its authority as TEMPORAL_TLS_SERVER_CA_CERT_PATH, or correct TEMPORAL_TLS_SERVER_NAME.`;
}

/** With TLS 1.3 a server refuses a client only after the handshake: its first word is data or an alert. */
async function firstWord(socket: TLSSocket): Promise<void> {
  const signal = AbortSignal.timeout(PROBE_MS);
  // One that says nothing by then refuses nothing.
  await Promise.race([once(socket, 'data', { signal }), once(socket, 'close', { signal })]).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ABORT_ERR') throw error;
    },
  );
}

/** Alerts about the client's certificate, as OpenSSL names them. */
const CLIENT_REFUSED =
  /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)/;

function refusal(
  { code = '' }: NodeJS.ErrnoException,
  address: string,
  { clientCertPair }: TlsFiles,
): string | undefined {
  if (CLIENT_REFUSED.test(code))
    return clientCertPair
      ? `The Temporal server at ${address} refuses the client certificate (${code}): give one of an authority that it trusts as TEMPORAL_TLS_CLIENT_CERT_PATH, with its key as TEMPORAL_TLS_CLIENT_KEY_PATH.`
      : `The Temporal server at ${address} wants a client certificate, and there was none (${code}): give TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.`;
  if (code.startsWith('ERR_OSSL_'))
    return `The files for TLS to the Temporal server cannot be used (${code}): correct TEMPORAL_TLS_SERVER_CA_CERT_PATH, TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.`;
  return NO_TLS.includes(code)
    ? `What answers at ${address} speaks no TLS, and it was asked with TLS: unset TEMPORAL_TLS and TEMPORAL_API_KEY, or correct the address.`
    : undefined;
}

/** Neither Node nor OpenSSL minds. What signs itself is trusted by its key, unless the server shows nothing else. */
function isOfVersion1(shown: DetailedPeerCertificate): boolean {
  for (let one = shown; ; one = one.issuerCertificate) {
    if (!isVersioned(one.raw)) return true;
    const next = one.issuerCertificate as DetailedPeerCertificate | undefined;
    if (next === undefined || next === one || next.issuerCertificate === next) return false;
  }
}

/** A certificate begins with two sequences. A version comes next where it is not the first one: `[0]` of ASN.1. */
function isVersioned(der: Buffer): boolean {
  const inside = (at: number): number => at + 2 + longLength(der[at + 1] ?? 0);
  return der[inside(inside(0))] === EXPLICIT_0;
}

const longLength = (length: number): number => (length < 0x80 ? 0 : length & 0x7f);

const EXPLICIT_0 = 0xa0;
