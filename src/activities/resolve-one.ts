import type { ClusterSummary } from '../vsphere';
import { failWith } from './errors';

export interface Named {
  readonly id: string;
  readonly name: string;
  /** Where it is, when that tells two of one name apart. */
  readonly where?: string;
}

/** Enough to choose from. More than a handful of one name is a mistake of its own. */
const MOST_SHOWN = 20;

/**
 * The one object that a reference (name or id) means. Asked for as both at once, because a name may look like an id.
 * An id wins over a name.
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
  const shown = byName.slice(0, MOST_SHOWN);
  const list = shown.map(({ id, where }) => (where === undefined ? id : `${id} in ${where}`)).join(', ');
  const more = byName.length > shown.length ? ` and ${byName.length - shown.length} more` : '';
  return failWith(
    'NameAmbiguous',
    `${field} "${reference}" matches ${byName.length} objects: ${list}${more}; use one of these ids.`,
    { field, value: reference, ids: shown.map(({ id }) => id) },
  );
}

type Find = (within: { readonly clusters?: readonly string[] }) => Promise<readonly Named[]>;

/** The id of what a reference means within a cluster. An object of another cluster is reported with that cluster. */
export async function inCluster(
  field: 'host' | 'resourcePool',
  reference: string,
  { clusterId, name }: ClusterSummary,
  { byId, byName }: { readonly byId: Find; readonly byName: Find },
): Promise<string> {
  const within = { clusters: [clusterId] };
  const [withId, withName] = await Promise.all([byId(within), byName(within)]);
  if (withId.length + withName.length > 0) return onlyOne(field, reference, withId, withName).id;
  const [elsewhere] = [...(await byId({})), ...(await byName({}))];
  if (elsewhere === undefined) return onlyOne<Named>(field, reference, [], []).id;
  return failWith(
    'PlacementInvalid',
    `${field} "${reference}" is in another cluster than "${name}", which holds the vm: give one of that cluster, or leave ${field} out.`,
    { field, value: reference, cluster: name },
  );
}
