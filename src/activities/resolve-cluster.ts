import type { CallOptions, ClusterSummary } from '../vsphere';
import { onlyOne } from './resolve-one';
import type { Site } from './site';
import { failWith } from './to-failure';

/** The cluster asked for, or else the one that holds the machine; the machine must be in it. */
export async function resolveCluster(
  site: Site,
  cluster: string | undefined,
  vm: { readonly id: string; readonly name: string },
  options: CallOptions,
): Promise<ClusterSummary> {
  const candidates =
    cluster === undefined ? await allClusters(site, options) : [await named(site, cluster, options)];
  const holder = await holderOf(site, vm.id, candidates, options);
  if (holder !== undefined) return holder;
  return failWith(
    'ObjectNotFound',
    cluster === undefined
      ? `vm "${vm.name}" (${vm.id}) is in none of the clusters that the worker's account can see: check its privileges.`
      : `cluster "${cluster}" does not hold vm "${vm.name}" (${vm.id}): name the one that does, or leave cluster out.`,
    cluster === undefined ? { field: 'vm', value: vm.id } : { field: 'cluster', value: cluster },
  );
}

const allClusters = ({ vsphere }: Site, options: CallOptions) => vsphere.vcenter.listClusters({}, options);

async function named(
  { vsphere: { vcenter } }: Site,
  cluster: string,
  options: CallOptions,
): Promise<ClusterSummary> {
  const [byId, byName] = await Promise.all([
    vcenter.listClusters({ clusters: [cluster] }, options),
    vcenter.listClusters({ names: [cluster] }, options),
  ]);
  const withId = (found: readonly ClusterSummary[]) => found.map((each) => ({ ...each, id: each.clusterId }));
  return onlyOne('cluster', cluster, withId(byId), withId(byName));
}

/** Halves the candidates: a filter takes many clusters, so a hundred cost seven calls, not a hundred. */
async function holderOf(
  site: Site,
  vmId: string,
  candidates: readonly ClusterSummary[],
  options: CallOptions,
): Promise<ClusterSummary | undefined> {
  let among = candidates;
  while (among.length > 0) {
    const half = among.slice(0, Math.ceil(among.length / 2));
    const clusters = half.map(({ clusterId }) => clusterId);
    const [inHalf] = await site.vsphere.vcenter.listVms({ vms: [vmId], clusters }, options);
    if (inHalf !== undefined && half.length === 1) return half[0];
    among = inHalf === undefined ? among.slice(half.length) : half;
  }
  return undefined;
}
