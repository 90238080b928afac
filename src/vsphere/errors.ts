import { z } from 'zod';
import { omitUndefined } from '../contract/omit-undefined';
import { redact } from './redaction';
import { list } from './replies';

/** The two servers of a site: vCenter (REST and VI/JSON) and the snapshot appliance. */
export type VsphereHost = 'vcenter' | 'appliance';

/**
 * Why a call failed. Decided by the `error_type` of the body, never by the HTTP status alone.
 *
 * - `invalid-argument`: an argument that cannot be right, refused here or by the server (any listed 4xx type)
 * - `already-exists`, `not-found`, `forbidden`: as the server says
 * - `not-allowed`: NOT_ALLOWED_IN_CURRENT_STATE, which means capacity or a VM that moved
 * - `unauthenticated`: the session was refused, for a read also after one new login
 * - `clock-skew`: a signed assertion was not issued or not taken because clocks differ. The message says whose and by how much
 * - `login-refused`: user name or password were refused. No further login is tried for a minute
 * - `busy`: the server says that it has no room now
 * - `unreachable`, `tls`: no connection, or none that may be trusted. Nothing was sent
 * - `interrupted`: the answer was lost, late, or not one of this API
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
  }
}

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

/** What a reply with an error status says. */
export interface ServerRefusal {
  readonly kind: VsphereErrorKind;
  readonly errorType?: string;
  readonly serverText?: string;
}

/** `error_type` of Vapi.Std.Errors.Error.Type. One that is not listed here is a `server-error`. */
const KIND_OF_ERROR_TYPE: Readonly<Record<string, VsphereErrorKind>> = {
  ALREADY_EXISTS: 'already-exists',
  ALREADY_IN_DESIRED_STATE: 'invalid-argument',
  CANCELED: 'server-error',
  CONCURRENT_CHANGE: 'server-error',
  ERROR: 'server-error',
  FEATURE_IN_USE: 'invalid-argument',
  INTERNAL_SERVER_ERROR: 'server-error',
  INVALID_ARGUMENT: 'invalid-argument',
  INVALID_ELEMENT_CONFIGURATION: 'invalid-argument',
  INVALID_ELEMENT_TYPE: 'invalid-argument',
  INVALID_REQUEST: 'invalid-argument',
  NOT_ALLOWED_IN_CURRENT_STATE: 'not-allowed',
  NOT_FOUND: 'not-found',
  OPERATION_NOT_FOUND: 'invalid-argument',
  RESOURCE_BUSY: 'busy',
  RESOURCE_INACCESSIBLE: 'server-error',
  RESOURCE_IN_USE: 'busy',
  SERVICE_UNAVAILABLE: 'busy',
  TIMED_OUT: 'server-error',
  UNABLE_TO_ALLOCATE_RESOURCE: 'busy',
  UNAUTHENTICATED: 'unauthenticated',
  UNAUTHORIZED: 'forbidden',
  UNEXPECTED_INPUT: 'invalid-argument',
  UNSUPPORTED: 'invalid-argument',
  UNVERIFIED_PEER: 'invalid-argument',
};

/** `_typeName` of VI/JSON faults, which come as HTTP 500. */
const KIND_OF_FAULT: Readonly<Record<string, VsphereErrorKind>> = {
  NotAuthenticated: 'unauthenticated',
  InvalidLogin: 'unauthenticated',
  NoPermission: 'forbidden',
  ManagedObjectNotFound: 'not-found',
  InvalidArgument: 'invalid-argument',
  InvalidRequest: 'invalid-argument',
};

/** A refusal tells one or two. One that tells more is read by its type alone. */
const MAX_MESSAGES = 20;

const vapiError = z.object({
  error_type: z.string().nullish(),
  messages: list(z.object({ default_message: z.string().nullish() }), MAX_MESSAGES),
});
const reference = z.object({ type: z.string(), value: z.string() }).optional().catch(undefined);
const fault = z.object({
  _typeName: z.string(),
  obj: reference,
  object: reference,
  privilegeId: z.string().optional().catch(undefined),
});

/** Decides by the body. The status speaks only where there is no body of the API, or one without a known type. */
export function serverRefusal(status: number, body: unknown): ServerRefusal {
  const vapi = vapiError.safeParse(body);
  if (vapi.success) return vapiRefusal(status, vapi.data);
  const typed = z.object({ error_type: z.string() }).safeParse(body);
  if (typed.success) return vapiRefusal(status, { error_type: typed.data.error_type, messages: [] });
  const sdk = fault.safeParse(body);
  if (sdk.success) return faultRefusal(sdk.data);
  return { kind: kindOfStatus(status) ?? 'interrupted' };
}

function vapiRefusal(status: number, error: z.infer<typeof vapiError>): ServerRefusal {
  const errorType = error.error_type ?? undefined;
  const texts = error.messages.map((message) => message.default_message ?? '').filter((text) => text !== '');
  return {
    kind:
      kindOf(KIND_OF_ERROR_TYPE, errorType) ??
      kindOfStatus(status) ??
      kindOfBusyStatus(status) ??
      'server-error',
    ...omitUndefined({ errorType }),
    ...(texts.length === 0 ? {} : { serverText: texts.join(' ') }),
  };
}

/** Faults carry no text. The object and privilege that they name are what a person needs. */
function faultRefusal({
  _typeName: errorType,
  obj,
  object,
  privilegeId,
}: z.infer<typeof fault>): ServerRefusal {
  const named = obj ?? object;
  const words = [named && `${named.type} ${named.value}`, privilegeId].filter((word) => word !== undefined);
  return {
    kind: kindOf(KIND_OF_FAULT, errorType) ?? 'server-error',
    errorType,
    ...(words.length === 0 ? {} : { serverText: words.join(' ') }),
  };
}

function kindOf(
  table: Readonly<Record<string, VsphereErrorKind>>,
  name: string | undefined,
): VsphereErrorKind | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

function kindOfStatus(status: number): VsphereErrorKind | undefined {
  if (status === 401) return 'unauthenticated';
  return status === 403 ? 'forbidden' : undefined;
}

/** Only with a body of the API: a front end's own 503 says nothing about whether the call reached the service. */
function kindOfBusyStatus(status: number): VsphereErrorKind | undefined {
  return status === 429 || status === 503 ? 'busy' : undefined;
}
