import { tlsRefusal } from './tls-refusal';

/** How an exchange ended without a whole reply. */
export type WireFailureReason =
  'unreachable' | 'tls' | 'guard' | 'deadline' | 'caller' | 'too-large' | 'broken';

/** No reply. `written` says whether any byte of the request can have left: if not, it certainly had no effect. */
export class WireFailure extends Error {
  /** What to do about it, where that is known; given the name of the URL's setting. */
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

/** What the system says when there is no way to the server; over TLS everything else before the write is the handshake. */
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

/** Errors of sockets and of undici; their `data` and `socket` properties are left behind, they may hold a reply. */
export function wireFailureFrom(error: Error, written: boolean, secure: boolean): WireFailure {
  const code = codeOf(error);
  const detail = NOT_TLS.has(code) ? `the server does not speak TLS there (${code})` : detailOf(error, code);
  if (written) return new WireFailure('broken', true, detail);
  const refusal = secure ? tlsRefusal(error, code) : undefined;
  if (refusal) return new WireFailure('tls', false, refusal.why, { remedy: refusal.remedy });
  return new WireFailure(secure && !NETWORK_CODES.has(code) ? 'tls' : 'unreachable', false, detail);
}

/** The connection ended within a reply: whoever answers does speak this protocol. */
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

function detailOf({ message }: Error, code: string): string {
  if (message === '') return code;
  return message.includes(code) ? message : `${message} (${code})`;
}
