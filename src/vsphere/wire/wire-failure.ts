/** Why a TLS connection was not made, and what to do about it. */
interface TlsRefusal {
  readonly why: string;
  readonly remedy: (setting: string) => string;
}

/** Marks the error of a certificate that is not the pinned one. */
export const THUMBPRINT_MISMATCH = 'SNAPFLOW_THUMBPRINT_MISMATCH';

const UNKNOWN_AUTHORITY: TlsRefusal = {
  why: "the server's certificate is signed by an authority that is not trusted here",
  remedy: () => 'give that authority as caFile, or pin the certificate with thumbprint',
};

const OLD_TLS: TlsRefusal = {
  why: 'the server speaks no TLS 1.2 or later',
  remedy: (setting) => `enable TLS 1.2 on the server of ${setting}, or on what stands before it`,
};

const REFUSALS: Readonly<Record<string, TlsRefusal>> = {
  CERT_HAS_EXPIRED: {
    why: "the server's certificate has expired",
    remedy: () => "renew it on the server, and check this machine's clock",
  },
  CERT_NOT_YET_VALID: {
    why: "the server's certificate is not valid yet",
    remedy: () => 'set the clocks of this machine and of the server by one time source',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    why: "the server's certificate is for another host",
    remedy: (setting) =>
      `give in ${setting} a host name that the certificate holds, or pin it with thumbprint`,
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  ERR_SSL_UNSUPPORTED_PROTOCOL: OLD_TLS,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: OLD_TLS,
};

const MISMATCH_REMEDY = (): string =>
  'if the certificate was replaced on purpose, set thumbprint to the new one, else find out who answers there';

/** By the error's code. Undefined for what is not about TLS itself. */
function tlsRefusal(error: Error, code: string): TlsRefusal | undefined {
  if (code === THUMBPRINT_MISMATCH) return { why: error.message, remedy: MISMATCH_REMEDY };
  const known = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  return known && { ...known, why: `${known.why} (${code})` };
}

/** How an exchange ended without a whole reply. */
export type WireFailureReason =
  'unreachable' | 'tls' | 'guard' | 'deadline' | 'caller' | 'too-large' | 'broken';

/** No reply. `written` says whether any byte of the request can have left: if not, it certainly had no effect. */
export class WireFailure extends Error {
  /** What to do about it, where that is known. Given the name of the URL's setting. */
  readonly remedy: ((setting: string) => string) | undefined;

  constructor(
    readonly reason: WireFailureReason,
    readonly written: boolean,
    /** Words that hold nothing of request or reply. */
    readonly detail: string,
    options: ErrorOptions & { remedy?: (setting: string) => string } = {},
  ) {
    super(detail, 'cause' in options ? { cause: options.cause } : undefined);
    this.remedy = options.remedy;
  }
}

/** What the system says when there is no way to the server. Over TLS everything else before the write is the handshake. */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'EACCES',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
]);

/** Errors of sockets and of undici. Their `data` and `socket` properties are left behind, they may hold a reply. */
export function wireFailureFrom(error: Error, written: boolean, secure: boolean): WireFailure {
  const code = codeOf(error);
  const detail = NOT_TLS.has(code) ? `the server does not speak TLS there (${code})` : detailOf(error, code);
  if (written && error.message === BAD_RESPONSE) return unaskedContinue();
  if (written) return new WireFailure('broken', true, detail);
  const refusal = secure ? tlsRefusal(error, code) : undefined;
  if (refusal) return new WireFailure('tls', false, refusal.why, { remedy: refusal.remedy });
  return new WireFailure(secure && !NETWORK_CODES.has(code) ? 'tls' : 'unreachable', false, detail);
}

/** The connection ended within a reply: the other side does speak this protocol. */
export function brokenReply(error: Error, readBytes: number): WireFailure {
  const remedy = (setting: string) => `try again, and check what is between here and ${setting}`;
  return new WireFailure('broken', true, `the reply broke off after ${readBytes} bytes (${codeOf(error)})`, {
    remedy,
  });
}

const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : error.name;

/** OpenSSL's own words name its source files. */
const NOT_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
]);

/** undici's only word for a `100 Continue`, which no request here asks for. */
const BAD_RESPONSE = 'bad response';

const unaskedContinue = (): WireFailure =>
  new WireFailure('broken', true, 'the server sent "100 Continue", which was not asked for', {
    remedy: (setting) => `have what stands between here and ${setting} send no "100 Continue"`,
  });

function detailOf({ message }: Error, code: string): string {
  if (message === '') return code;
  return message.includes(code) ? message : `${message} (${code})`;
}
