import type { ClusterSummary } from '../vsphere';
import { onlyOne, type Named } from './resolve-one';
import { failWith } from './to-failure';

type Find = (within: { readonly clusters?: readonly string[] }) => Promise<readonly Named[]>;

/** The id of what a reference means within a cluster. What exists only in another one is said to be there. */
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
