import type { CallOptions, CallTarget, Filters, VsphereCall } from './replies';

/** An argument that was refused before any call. */
export class ArgumentRefused extends Error {}

/** Front ends stop at about 8 KiB for the whole request line. Method, version and some room are left out. */
const MAX_PATH_BYTES = 7 * 1024;
/** The task list takes 1000 ids of at most about 200 characters. More calls than this are no look-up. */
const MAX_CALLS_PER_LIST = 64;

/** The request paths that ask for the target: one, or several when the ids of `splitBy` do not fit one. */
export function targetPaths(target: CallTarget): string[] {
  const base = `/${target.path.map(encodeSegment).join('/')}`;
  const { splitBy, needsOneOf } = target;
  if (needsOneOf && !needsOneOf.some((name) => target.filters?.[name] !== undefined)) {
    throw new ArgumentRefused(`the call needs at least one of the filters ${needsOneOf.join(', ')}`);
  }
  const shared = pairs(target.filters, (name) => name !== splitBy);
  const spread = pairs(target.filters, (name) => name === splitBy);
  const paths: string[] = [];
  let current = [...shared];
  for (const pair of spread) {
    if (current.length > shared.length && lengthOf(base, [...current, pair]) > MAX_PATH_BYTES) {
      paths.push(joined(base, current));
      current = [...shared];
    }
    current.push(pair);
  }
  paths.push(joined(base, current));
  if (paths.some((path) => path.length > MAX_PATH_BYTES)) {
    throw new ArgumentRefused(`the request line would be longer than ${MAX_PATH_BYTES} bytes`);
  }
  if (paths.length > MAX_CALLS_PER_LIST) {
    throw new ArgumentRefused(`${spread.length} ids need more than ${MAX_CALLS_PER_LIST} calls`);
  }
  return paths;
}

/** Throws unless the text can be an id: it ends up in paths, where some texts would mean another object. */
function requireId(id: string): string {
  requireText(id, 'an id');
  if (id === '.' || id === '..') throw new ArgumentRefused(`the id "${id}" would name another path`);
  return id;
}

/** Throws on an empty text and on one with control characters or half characters. */
function requireText(text: string, what: string): string {
  if (typeof text !== 'string' || text === '') throw new ArgumentRefused(`${what} is empty`);
  if (/[\p{Control}\p{Surrogate}]/u.test(text)) {
    throw new ArgumentRefused(`${what} holds characters that no name has: ${JSON.stringify(text)}`);
  }
  return text;
}

function pairs(filters: Filters | undefined, wanted: (name: string) => boolean): string[] {
  return Object.entries(filters ?? {})
    .filter(([name, values]) => values !== undefined && wanted(name))
    .flatMap(([name, values]) => filterPairs(name, values ?? []));
}

function filterPairs(name: string, values: readonly string[]): string[] {
  // The servers read an empty filter as "any": the opposite of what a caller with an empty list means.
  if (values.length === 0) throw new ArgumentRefused(`the filter ${name} is an empty list`);
  const different = [...new Set(values)];
  return different.map(
    (value) => `${name}=${encodeURIComponent(requireText(value, `a value of the filter ${name}`))}`,
  );
}

const encodeSegment = (segment: string): string => encodeURIComponent(requireId(segment));
const joined = (base: string, query: readonly string[]): string =>
  query.length === 0 ? base : `${base}?${query.join('&')}`;
const lengthOf = (base: string, query: readonly string[]): number => joined(base, query).length;

/** Printable ASCII: anything else has no place in a header. */
const REQUEST_ID = /^[\x21-\x7e]{1,200}$/;

/** The request paths of a call whose every argument can be right. Else throws, before anything is sent. */
export function callPaths(
  call: VsphereCall<unknown>,
  options: CallOptions,
  failure: { from(thrown: unknown): Error },
): readonly string[] {
  try {
    for (const id of call.bodyIds ?? []) if (id !== undefined) requireId(id);
    for (const name of call.bodyNames ?? []) requireText(name, 'a name');
    if (options.requestId !== undefined && !REQUEST_ID.test(options.requestId)) {
      throw new ArgumentRefused('the request id is not 1 to 200 printable ASCII characters');
    }
    return targetPaths(call);
  } catch (thrown) {
    throw failure.from(thrown);
  }
}
