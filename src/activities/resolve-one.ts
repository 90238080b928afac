import { failWith } from './to-failure';

export interface Named {
  readonly id: string;
  readonly name: string;
  /** Where it is, when that tells two of one name apart. */
  readonly where?: string;
}

/**
 * The one object that a reference (name or id) means. Asked for as both at once, because a name may look like an id;
 * an id wins over a name.
 */
export function onlyOne<T extends Named>(
  field: string,
  reference: string,
  byId: readonly T[],
  byName: readonly T[],
): T {
  const [exact] = byId;
  if (exact !== undefined) return exact;
  const [only, ...others] = byName;
  if (only === undefined) {
    return failWith(
      'ObjectNotFound',
      `${field} "${reference}" does not exist, or the worker's account cannot see it: check the spelling, or use its id.`,
      { field, value: reference },
    );
  }
  if (others.length === 0) return only;
  const list = byName.map(({ id, where }) => (where === undefined ? id : `${id} in ${where}`)).join(', ');
  return failWith(
    'NameAmbiguous',
    `${field} "${reference}" matches ${byName.length} objects: ${list}; use one of these ids.`,
    { field, value: reference, ids: byName.map(({ id }) => id) },
  );
}
