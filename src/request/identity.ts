import { createHash, randomUUID } from 'node:crypto';
import {
  DEFAULT_CONNECTION,
  OPTIONS_OUTSIDE_IDENTITY,
  type Operation,
  type RequestOf,
} from '../contract/operations';
import { nonceOfUuid } from '../contract/own-names';

/**
 * JSON with sorted keys and without blanks: equal values give equal text in every language. Keys are sorted by UTF-16
 * code units as in RFC 8785. Fields that are undefined are left out.
 */
const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  );
}

/** What leaving a field out means. Saying the default and leaving it out are the same request. */
const DEFAULTS = {
  clone: { connection: DEFAULT_CONNECTION, onCancel: 'undo', powerOn: false, onFailure: 'delete' },
  revert: { connection: DEFAULT_CONNECTION, onCancel: 'undo', restorePower: false },
} as const satisfies { readonly [O in Operation]: Partial<RequestOf<O>> };

/**
 * What a request is: its fields, defaults filled in and the options that do not count left out. Two requests of one
 * operation with equal fields are the same request. The values of a request are texts, numbers and booleans.
 */
export function identityOf(operation: Operation, request: object): Readonly<Record<string, unknown>> {
  const outside: readonly string[] = OPTIONS_OUTSIDE_IDENTITY;
  const filled = { ...DEFAULTS[operation], ...request };
  return Object.fromEntries(
    Object.entries(filled).filter(([key, value]) => value !== undefined && !outside.includes(key)),
  );
}

/**
 * SHA-256 in hex over the canonical JSON of `{operation, request}`. Derived request ids have its first digits. Runs have
 * it in their memo for callers that compare it.
 */
export const requestDigest = (operation: Operation, request: RequestOf): string =>
  createHash('sha256')
    .update(canonicalJson({ operation, request: identityOf(operation, request) }))
    .digest('hex');

/** A nonce for a clone with a name of its own, by chance. */
export const newNonce = (): string => nonceOfUuid(randomUUID());

/** A prefix is there to be recognised, not to be complete. */
const PREFIX_CHARACTERS = 80;
/** 40 bits tell the requests of one name apart. A collision is refused as a conflict, since the whole request is compared. */
const DIGEST_CHARACTERS = 10;

/**
 * The request id of a request that came without one: `<clone name or vm>-<10 hex digits of the digest>`, in characters
 * that need no quoting in a shell. With a nonce of its own a request is like no other one, so the nonce takes the place
 * of the digits: two callers that ask alike get two operations.
 */
export function derivedRequestId(operation: Operation, request: RequestOf, nonce?: string): string {
  const prefix = 'name' in request ? request.name : request.vm;
  return `${plain(prefix)}-${nonce ?? requestDigest(operation, request).slice(0, DIGEST_CHARACTERS)}`;
}

const plain = (prefix: string): string =>
  Array.from(prefix.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-'))
    .slice(0, PREFIX_CHARACTERS)
    .join('')
    .replace(/^-+/, '') || 'request';
