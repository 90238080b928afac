import { redact } from './redaction';

/** The two servers of a site: vCenter (REST and VI/JSON) and the snapshot appliance. */
export type VsphereHost = 'vcenter' | 'appliance';

/**
 * Why a call failed. What the server says is decided by the body, never by the HTTP status.
 *
 * - `invalid-argument`: an argument that cannot be right, refused here or by the server (any listed 4xx type)
 * - `already-exists`, `not-found`, `forbidden`: as the server says
 * - `not-allowed`: NOT_ALLOWED_IN_CURRENT_STATE, which means capacity or a VM that moved
 * - `unauthenticated`: the session was refused, for a read also after one new login
 * - `clock-skew`: a signed assertion was not issued or not taken because clocks differ. The message says whose and by how much
 * - `login-refused`: user name or password were refused. No further login is tried for a minute
 * - `busy`: the server says that it has no room now
 * - `unavailable`: SERVICE_UNAVAILABLE, which leaves open whether the service began
 * - `too-many`: more objects match the filter than the server lists. No waiting mends it
 * - `no-such-call`: the server does not have this call
 * - `unreachable`, `tls`: no connection, or none that may be trusted. Nothing was sent
 * - `interrupted`: the answer was lost, late, or not one of this API, as a gateway gives one for the server
 * - `server-error`: the server failed, or named no known type
 * - `malformed`: the answer is not what the official description says
 * - `refused-by-guard`: `beforeWrite` threw. Nothing was sent
 */
export type VsphereErrorKind =
  | 'invalid-argument'
  | 'already-exists'
  | 'not-allowed'
  | 'unauthenticated'
  | 'login-refused'
  | 'clock-skew'
  | 'forbidden'
  | 'not-found'
  | 'busy'
  | 'unavailable'
  | 'too-many'
  | 'no-such-call'
  | 'unreachable'
  | 'tls'
  | 'interrupted'
  | 'server-error'
  | 'malformed'
  | 'refused-by-guard';

/**
 * What the failed call may have changed: `none` (nothing was written, or it was a read), `refused` (the server said no),
 * `possible` (it may have had its effect: look before doing it again).
 */
export type VsphereEffect = 'none' | 'refused' | 'possible';

export interface VsphereErrorFields {
  readonly kind: VsphereErrorKind;
  readonly effect: VsphereEffect;
  /** The operation, such as `linkedClone` or `tasks.get`. `vcenter.login` when the login before it failed. */
  readonly operation: string;
  readonly host: VsphereHost;
  /** HTTP status, when there was an answer. */
  readonly status?: number | undefined;
  /** `error_type` of the body, or the type name of a VI/JSON fault, as the server spells it. */
  readonly errorType?: string | undefined;
  /** The server's own words, shortened, with this connection's secrets taken out. */
  readonly serverText?: string | undefined;
  /** How long the server asks to wait before the next call. */
  readonly retryAfterMs?: number | undefined;
  /** What to do, one clause: the end of the message. */
  readonly remedy: string;
}

/** Every failure of this client. Match on `kind` and `effect`. The message is for people and holds no secret. */
export class VsphereError extends Error implements VsphereErrorFields {
  override readonly name = 'VsphereError';
  readonly kind: VsphereErrorKind;
  readonly effect: VsphereEffect;
  readonly operation: string;
  readonly host: VsphereHost;
  readonly status?: number;
  readonly errorType?: string;
  readonly serverText?: string;
  readonly retryAfterMs?: number;
  readonly remedy: string;

  constructor(message: string, fields: VsphereErrorFields, options?: ErrorOptions) {
    super(message, options);
    this.kind = fields.kind;
    this.effect = fields.effect;
    this.operation = fields.operation;
    this.host = fields.host;
    this.remedy = fields.remedy;
    if (fields.status !== undefined) this.status = fields.status;
    if (fields.errorType !== undefined) this.errorType = fields.errorType;
    if (fields.serverText !== undefined) this.serverText = fields.serverText;
    if (fields.retryAfterMs !== undefined) this.retryAfterMs = fields.retryAfterMs;
  }
}

/** By the setting of the URL: the oldest release that has every call of this client. */
const OLDEST_RELEASE: Readonly<Record<string, string>> = {
  vcenterUrl: 'a vCenter of 8.0.2 or later',
  applianceUrl: 'a snapshot appliance of 8.0.3 or later',
};

const REMEDY: Readonly<Record<VsphereErrorKind, (setting: string) => string>> = {
  'invalid-argument': () => 'correct the argument',
  'already-exists': () => 'choose another name',
  'not-allowed': () => "try again later, or first change what the server's text names",
  unauthenticated: () => 'check that the account may log in',
  'login-refused': () =>
    "correct the connection's username and password, or unlock the account; the next login is tried after a minute",
  'clock-skew': () => 'set the clocks of this machine, vCenter and the snapshot appliance by one time source',
  forbidden: () => 'grant the account the privileges of this operation',
  'not-found': () => 'check that the object exists and is visible to the account',
  busy: () => 'try again later',
  unavailable: () => 'try again later',
  'too-many': () => 'name the object by its id, or narrow what the account may see',
  'no-such-call': (setting) => `is ${setting} that of ${OLDEST_RELEASE[setting] ?? 'the right server'}?`,
  unreachable: (setting) => `check ${setting} and the network`,
  tls: (setting) =>
    `check that ${setting} leads to a TLS port, and its certificate against caFile, thumbprint and host name`,
  interrupted: (setting) => `try again, and check that ${setting} leads to the right server`,
  'server-error': () => 'try again',
  malformed: (setting) => `check that ${setting} leads to the right server and a supported release`,
  'refused-by-guard': () => 'nothing was sent',
};

/** A TLS server answers plain words by hanging up: nothing else tells the two apart. */
const MAYBE_TLS = 'check that the server speaks plain http there, else give https in ';

export interface MessageParts {
  readonly connection: string;
  readonly host: VsphereHost;
  readonly origin: string;
  readonly operation: string;
  readonly subject: string;
  readonly kind: VsphereErrorKind;
  readonly effect: VsphereEffect;
  readonly why: string;
  /** The server hung up instead of answering. */
  readonly isCutOff: boolean;
  /** What to do, where it is known better than by the kind alone. Follows the name of the URL's setting. */
  readonly remedy?: ((setting: string) => string) | undefined;
}

/** One sentence: what failed, on which object, why, and what to do. */
export function errorMessage(parts: MessageParts): string {
  const { operation, subject, connection, host, origin, why } = parts;
  const about = subject === '' ? '' : ` of ${redact(subject, [])}`;
  return `${operation}${about} failed on ${host} ${origin} (connection ${connection}): ${why}; ${errorRemedy(parts)}.`;
}

/** One clause: what to do. */
export function errorRemedy({ kind, effect, host, origin, isCutOff, remedy }: MessageParts): string {
  if (effect === 'possible') return 'look whether it had its effect before trying again';
  const setting = `${host}Url`;
  if (remedy) return remedy(setting);
  const mayBeTls = kind === 'interrupted' && isCutOff && origin.startsWith('http:');
  return mayBeTls ? `${MAYBE_TLS}${setting}` : REMEDY[kind](setting);
}
