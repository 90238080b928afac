import type { z } from 'zod';
import { VapiError } from './errors';
import type { Call } from './operation';

/** Values of an exploded query parameter (`names=a&names=b`); undefined when it is absent, which matches all. */
export function queryValues(query: URLSearchParams, name: string): ReadonlySet<string> | undefined {
  const values = query.getAll(name);
  return values.length === 0 ? undefined : new Set(values);
}

/** INVALID_ARGUMENT for a parameter that the operation does not document: a mistyped filter must not match all. */
export function requireKnownParameters(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (known.includes(name)) continue;
    throw new VapiError('INVALID_ARGUMENT', `The query parameter ${name} is not known.`, [name]);
  }
}

/** INVALID_ARGUMENT when a value is not of the documented set. */
export function requireMembers(
  values: ReadonlySet<string> | undefined,
  documented: readonly string[],
  name: string,
): void {
  for (const value of values ?? []) {
    if (documented.includes(value)) continue;
    throw new VapiError('INVALID_ARGUMENT', `${value} is not a value of ${name}.`, [value, name]);
  }
}

/** Filters are ANDed between names and ORed within one: `wanted` absent matches, else any of `actual` must be in. */
export function matches(
  wanted: ReadonlySet<string> | undefined,
  ...actual: readonly (string | undefined)[]
): boolean {
  return wanted === undefined || actual.some((value) => value !== undefined && wanted.has(value));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new VapiError('INVALID_ARGUMENT', 'The body is not JSON.');
  }
}

/** The body in its documented shape, or INVALID_ARGUMENT naming the first field that is wrong. */
export function readBody<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || 'body';
  throw new VapiError('INVALID_ARGUMENT', `${field}: ${issue?.message}`, [field]);
}

export const SESSION_HEADER = 'vmware-api-session-id';

export function sessionSecret(call: Pick<Call, 'headers'>): string | undefined {
  const value = call.headers[SESSION_HEADER];
  return typeof value === 'string' ? value : undefined;
}
