import { VsphereError } from '../vsphere';
import { failWith } from './errors';

export interface Named {
  readonly id: string;
  readonly name: string;
  /** Where it is, when that tells two of one name apart. */
  readonly where?: string;
}

/** Enough to choose from. More than a handful of one name is a mistake of its own. */
const MOST_SHOWN = 20;

/** What a reference (name or id) matches. It is asked for as both at once, because a name may look like an id. */
interface Matches<T extends Named> {
  readonly byId: readonly T[];
  readonly byName: readonly T[];
}

/** The one object that a reference means. One that is an id of one object and the name of another means neither. */
export function onlyOne<T extends Named>(field: string, reference: string, matches: Matches<T>): T {
  const all = matched(matches);
  const [only, ...others] = all;
  if (only === undefined) {
    return failWith(
      'ObjectNotFound',
      `${field} "${reference}" does not exist, or the worker's account cannot see it: check the spelling, or use its id.`,
      { field, value: reference },
    );
  }
  if (others.length === 0) return only;
  const shown = all.slice(0, MOST_SHOWN);
  const more = all.length > shown.length ? ` and ${all.length - shown.length} more` : '';
  return failWith(
    'NameAmbiguous',
    matches.byId.length > 0
      ? `${field} "${reference}" is the id of "${only.name}" and the name of ${placed(shown.slice(1))}${more}: use that name, or ${others.length === 1 ? 'that id' : 'one of these ids'}.`
      : `${field} "${reference}" matches ${all.length} objects: ${placed(shown)}${more}; use one of these ids.`,
    { field, value: reference, ids: shown.map(({ id }) => id) },
  );
}

/** Each object once, that of the id first. */
export const matched = <T extends Named>({ byId, byName }: Matches<T>): readonly T[] => [
  ...byId,
  ...byName.filter(({ id }) => !byId.some((each) => each.id === id)),
];

const placed = (objects: readonly Named[]): string =>
  objects.map(({ id, where }) => (where === undefined ? id : `${id} in ${where}`)).join(', ');

/** The same, where objects of one name are told with the place that each is in. */
export async function onlyOnePlaced<T extends Named>(
  field: string,
  reference: string,
  { byId, byName }: Matches<T>,
  whereIs: (objects: readonly T[]) => Promise<ReadonlyMap<string, string>>,
): Promise<T> {
  const all = matched({ byId, byName });
  if (all.length < 2) return onlyOne(field, reference, { byId, byName });
  const where = await whereIs(all.slice(0, MOST_LOCATED));
  const located = (each: T): T => {
    const place = where.get(each.id);
    return place === undefined ? each : { ...each, where: place };
  };
  return onlyOne(field, reference, { byId: byId.map(located), byName: byName.map(located) });
}

/** Each takes ten calls where there are a thousand places. The ids of more of one name must do. */
const MOST_LOCATED = 8;

type Find<T extends Named> = (within: Place['within']) => Promise<readonly T[]>;

/** What an object must be in, and a filter that keeps to it. */
export interface Place {
  readonly kind: 'cluster' | 'datacenter';
  readonly name: string;
  readonly within: { readonly clusters?: readonly string[]; readonly datacenters?: readonly string[] };
}

interface Search<T extends Named> {
  readonly byId: Find<T>;
  readonly byName: Find<T>;
  readonly whereIs: (objects: readonly T[]) => Promise<ReadonlyMap<string, string>>;
}

/** The one object that a reference means within a place. One that is elsewhere is refused as such. */
export async function onlyOneIn<T extends Named>(
  field: 'folder' | 'host' | 'resourcePool',
  reference: string,
  { kind, name, within }: Place,
  { byId, byName, whereIs }: Search<T>,
): Promise<T> {
  const [withId, withName] = await Promise.all([byId(within), byName(within)]);
  if (withId.length + withName.length > 0)
    return onlyOnePlaced(field, reference, { byId: withId, byName: withName }, whereIs);
  const [elsewhere] = [...(await byId({})), ...(await byName({}))];
  if (elsewhere === undefined) return onlyOne<T>(field, reference, { byId: [], byName: [] });
  return failWith(
    'PlacementInvalid',
    `${field} "${reference}" is in another ${kind} than "${name}", which holds the vm: give one of that ${kind}, or leave ${field} out.`,
    { field, value: reference, ...(kind === 'cluster' ? { cluster: name } : {}) },
  );
}

/** A request line takes a few hundred ids. */
const MOST_IN_FILTER = 100;

/** The candidate that holds an object, by halves: a filter takes many, so a hundred cost seven calls, not a hundred. */
export async function holderOf<T>(
  candidates: readonly T[],
  holds: (some: readonly T[]) => Promise<boolean>,
): Promise<T | undefined> {
  let among = candidates;
  while (among.length > 0) {
    const half = among.slice(0, Math.min(Math.ceil(among.length / 2), MOST_IN_FILTER));
    const isInHalf = await holds(half);
    if (isInHalf && half.length === 1) return half[0];
    among = isInHalf ? half : among.slice(half.length);
  }
  return undefined;
}

/** Where each object is: its holder among the candidates. Empty where they are more than vCenter lists. */
export async function placesOf<C extends Named>(
  objects: readonly Named[],
  candidates: () => Promise<readonly C[]>,
  called: string,
  holds: (id: string, some: readonly C[]) => Promise<boolean>,
): Promise<ReadonlyMap<string, string>> {
  const all = (await unlessTooLong(candidates)) ?? [];
  const found = await Promise.all(
    objects.map(async ({ id }) => [id, await holderOf(all, (some) => holds(id, some))] as const),
  );
  return new Map(
    found.flatMap(([id, holder]) =>
      holder === undefined ? [] : [[id, `${called} ${holder.name} (${holder.id})`] as const],
    ),
  );
}

/** vCenter refuses a list of more than 1000 places, and waiting makes it no shorter. Undefined then. */
export async function unlessTooLong<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof VsphereError && error.errorType === 'UNABLE_TO_ALLOCATE_RESOURCE') return undefined;
    throw error;
  }
}
