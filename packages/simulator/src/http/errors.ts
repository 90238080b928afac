const STATUS_BY_TYPE = {
  ALREADY_EXISTS: 400,
  ALREADY_IN_DESIRED_STATE: 400,
  CANCELED: 400,
  CONCURRENT_CHANGE: 409,
  ERROR: 500,
  FEATURE_IN_USE: 400,
  INTERNAL_SERVER_ERROR: 500,
  INVALID_ARGUMENT: 400,
  INVALID_ELEMENT_CONFIGURATION: 400,
  INVALID_ELEMENT_TYPE: 400,
  INVALID_REQUEST: 400,
  NOT_ALLOWED_IN_CURRENT_STATE: 400,
  NOT_FOUND: 404,
  OPERATION_NOT_FOUND: 404,
  RESOURCE_BUSY: 500,
  RESOURCE_IN_USE: 400,
  RESOURCE_INACCESSIBLE: 500,
  SERVICE_UNAVAILABLE: 503,
  TIMED_OUT: 504,
  UNABLE_TO_ALLOCATE_RESOURCE: 500,
  UNAUTHENTICATED: 401,
  UNAUTHORIZED: 403,
  UNEXPECTED_INPUT: 400,
  UNSUPPORTED: 400,
  UNVERIFIED_PEER: 400,
} as const;

/** The `error_type` values of the official description. */
export type VapiErrorType = keyof typeof STATUS_BY_TYPE;

export interface VapiErrorBody {
  error_type: string;
  messages: { id: string; default_message: string; args: string[] }[];
}

/** The body of every REST error; `errorType` may be one that no real service would send. */
export function vapiErrorBody(
  errorType: string,
  message: string,
  args: string[] = [],
  id = `com.vmware.snapservice.error.${errorType.toLowerCase()}`,
): VapiErrorBody {
  return { error_type: errorType, messages: [{ id, default_message: message, args }] };
}

/** What the endpoint answers for a path that it does not serve: only the message's id tells it from a missing object. */
export const unknownPathBody = (): VapiErrorBody =>
  vapiErrorBody('NOT_FOUND', 'Not found.', [], 'com.vmware.vapi.rest.httpNotFound');

/** Thrown by an operation to answer with an error; the status follows from the type. */
export class VapiError extends Error {
  override readonly name = 'VapiError';
  readonly status: number;
  readonly body: VapiErrorBody;

  constructor(
    readonly errorType: VapiErrorType,
    message: string,
    args: string[] = [],
    id?: string,
  ) {
    super(message);
    this.status = STATUS_BY_TYPE[errorType];
    this.body = vapiErrorBody(errorType, message, args, id);
  }
}

/** Thrown by a VI/JSON operation: HTTP 500 with the fault itself as body, under its bare type name. */
export class VimFault extends Error {
  override readonly name = 'VimFault';
  readonly body: Readonly<Record<string, unknown>>;

  constructor(typeName: string, details: Record<string, unknown> = {}) {
    super(typeName);
    this.body = { _typeName: typeName, ...details };
  }
}
