import { z } from 'zod';
import { list } from './reply-fields';
import type { VsphereErrorKind } from './vsphere-error';

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

/** A refusal tells one or two; one that tells more is read by its type alone. */
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

/** Decides by the body; the status speaks only where there is no body of the API, or one without a known type. */
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
    ...(errorType === undefined ? {} : { errorType }),
    ...(texts.length === 0 ? {} : { serverText: texts.join(' ') }),
  };
}

/** Faults carry no text; the object and privilege that they name are what a person needs. */
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
