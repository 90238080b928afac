import { VapiError } from './vapi-error';

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
