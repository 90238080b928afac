/** The two servers of a site: vCenter (REST and VI/JSON) and the snapshot appliance. */
export type VsphereHost = 'vcenter' | 'appliance';

/**
 * Why a call failed. Decided by the `error_type` of the body, never by the HTTP status alone.
 *
 * - `invalid-argument`: an argument that cannot be right, refused here or by the server (any listed 4xx type)
 * - `already-exists`, `not-found`, `forbidden`: as the server says
 * - `not-allowed`: NOT_ALLOWED_IN_CURRENT_STATE, which means capacity or a VM that moved
 * - `unauthenticated`: the session was refused, for a read also after one new login
 * - `clock-skew`: a signed assertion was not issued or not taken because clocks differ; the message says whose and by how much
 * - `unsupported-release`: the appliance is of a release that this client does not speak to
 * - `login-refused`: user name or password were refused; no further login is tried for a minute
 * - `busy`: the server says that it has no room now
 * - `unreachable`, `tls`: no connection, or none that may be trusted; nothing was sent
 * - `interrupted`: the answer was lost, late, or not one of this API
 * - `server-error`: the server failed, or named no known type
 * - `malformed`: the answer is not what the official description says
 * - `refused-by-guard`: `beforeWrite` threw; nothing was sent
 */
export type VsphereErrorKind =
  | 'invalid-argument'
  | 'already-exists'
  | 'not-allowed'
  | 'unauthenticated'
  | 'login-refused'
  | 'clock-skew'
  | 'unsupported-release'
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
  /** The operation, such as `linkedClone` or `tasks.get`; `vcenter.login` when the login before it failed. */
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

/** Every failure of this client. Match on `kind` and `effect`; the message is for people and holds no secret. */
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
