import { z } from 'zod';
import { omitUndefined } from '../contract/omit-undefined';
import type { VsphereErrorKind } from './errors';
import { list } from './replies';

/** What the body of a reply with an error status says. */
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
  OPERATION_NOT_FOUND: 'no-such-call',
  RESOURCE_BUSY: 'busy',
  RESOURCE_INACCESSIBLE: 'server-error',
  RESOURCE_IN_USE: 'busy',
  // A front end says so, too, when the service's connection dies during the call: whether it began is open.
  SERVICE_UNAVAILABLE: 'unavailable',
  TIMED_OUT: 'server-error',
  UNABLE_TO_ALLOCATE_RESOURCE: 'busy',
  UNAUTHENTICATED: 'unauthenticated',
  UNAUTHORIZED: 'forbidden',
  UNEXPECTED_INPUT: 'invalid-argument',
  UNSUPPORTED: 'invalid-argument',
  UNVERIFIED_PEER: 'invalid-argument',
};

/**
 * The last part of a message's id, such as `com.vmware.api.vcenter.vm.too_many_matches`, where it says more than the
 * type: a list over its limit is no want of room, and a path that is not served no missing object.
 */
const KIND_OF_MESSAGE: Readonly<Record<string, VsphereErrorKind>> = {
  too_many_matches: 'too-many',
  httpNotFound: 'no-such-call',
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
  messages: list(
    z.object({ id: z.string().nullish().catch(undefined), default_message: z.string().nullish() }),
    MAX_MESSAGES,
  ),
});
const reference = z.object({ type: z.string(), value: z.string() }).optional().catch(undefined);
const words = z.string().optional().catch(undefined);
const fault = z.object({
  _typeName: z.string(),
  obj: reference,
  object: reference,
  privilegeId: words,
  faultstring: words,
  reason: words,
  faultMessage: list(z.object({ message: words }), MAX_MESSAGES)
    .optional()
    .catch(undefined),
});

/**
 * Decides by the body alone. A gateway or proxy can answer any status for a server that has acted, so a status proves
 * nothing: only the API's own words refuse.
 */
export function serverRefusal(body: unknown): ServerRefusal {
  const vapi = vapiError.safeParse(body);
  if (vapi.success) return vapiRefusal(vapi.data);
  const typed = z.object({ error_type: z.string() }).safeParse(body);
  if (typed.success) return vapiRefusal({ error_type: typed.data.error_type, messages: [] });
  const sdk = fault.safeParse(body);
  if (sdk.success) return faultRefusal(sdk.data);
  return { kind: 'interrupted' };
}

function vapiRefusal({ error_type, messages }: z.infer<typeof vapiError>): ServerRefusal {
  const errorType = error_type ?? undefined;
  const texts = messages.map((message) => message.default_message ?? '').filter((text) => text !== '');
  const kind = kindOf(KIND_OF_ERROR_TYPE, errorType) ?? 'server-error';
  const narrower = messages.map(({ id }) => kindOf(KIND_OF_MESSAGE, id?.split('.').at(-1)));
  return {
    kind: narrower.find((each) => each !== undefined) ?? kind,
    ...omitUndefined({ errorType }),
    ...(texts.length === 0 ? {} : { serverText: texts.join(' ') }),
  };
}

/** The object and privilege that a fault names are what a person needs, and the words that some carry. */
function faultRefusal({
  _typeName: errorType,
  obj,
  object,
  privilegeId,
  faultstring,
  faultMessage = [],
  reason,
}: z.infer<typeof fault>): ServerRefusal {
  const named = obj ?? object;
  const said = [faultstring, ...faultMessage.map(({ message }) => message), reason];
  const texts = [named && `${named.type} ${named.value}`, privilegeId, ...new Set(said)].filter(
    (text) => text !== undefined && text !== '',
  );
  return {
    kind: kindOf(KIND_OF_FAULT, errorType) ?? 'server-error',
    errorType,
    ...(texts.length === 0 ? {} : { serverText: texts.join(' ') }),
  };
}

function kindOf(
  table: Readonly<Record<string, VsphereErrorKind>>,
  name: string | undefined,
): VsphereErrorKind | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}
