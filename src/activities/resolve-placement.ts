import type { Placement } from '../contract/activities';
import { omitUndefined } from '../contract/omit-undefined';
import type { LinkedCloneRequest } from '../contract/operations';
import type { CallOptions, ClusterSummary, HostFilter, ResourcePoolFilter } from '../vsphere';
import type { Site } from './connection';
import { failWith } from './errors';
import { inCluster, onlyOne, type Named } from './resolve-one';

export interface ResolvedPlacement {
  /** As sent: only what was asked for. */
  readonly placement: Placement;
  /** Where the clone will be, given or default. */
  readonly folderId: string;
}

/** Folder, pool and host by id, in the cluster. Without DRS the service needs a host (LinkedClonePlacementSpec.host). */
export async function resolvePlacement(
  site: Site,
  cluster: ClusterSummary,
  { folder, resourcePool, host }: LinkedCloneRequest,
  options: CallOptions,
): Promise<ResolvedPlacement> {
  if (!cluster.drsEnabled && host === undefined) {
    failWith(
      'PlacementInvalid',
      `host is missing: cluster "${cluster.name}" has no DRS, so the service cannot choose one; give a host of it.`,
      { field: 'host', cluster: cluster.name },
    );
  }
  const [folderId, poolId, hostId] = await Promise.all([
    folder === undefined ? defaultFolder(site, cluster, options) : resolveFolder(site, folder, options),
    resourcePool === undefined ? undefined : resolvePool(site, cluster, resourcePool, options),
    host === undefined ? undefined : resolveHost(site, cluster, host, options),
  ]);
  return {
    folderId,
    placement: omitUndefined({
      folder: folder === undefined ? undefined : folderId,
      resource_pool: poolId,
      host: hostId,
    }),
  };
}

async function resolveFolder(
  { vsphere: { vcenter } }: Site,
  folder: string,
  options: CallOptions,
): Promise<string> {
  const type = 'VIRTUAL_MACHINE';
  const [byId, byName] = await Promise.all([
    vcenter.listFolders({ folders: [folder], type }, options),
    vcenter.listFolders({ names: [folder], type }, options),
  ]);
  const named = (found: typeof byId): readonly Named[] =>
    found.map(({ folderId, name }) => ({ id: folderId, name }));
  return onlyOne('folder', folder, named(byId), named(byName)).id;
}

/** The service's own default: the virtual machine folder of the datacenter, which vCenter always names `vm`. */
async function defaultFolder(site: Site, cluster: ClusterSummary, options: CallOptions): Promise<string> {
  const { vcenter } = site.vsphere;
  const datacenterId = await datacenterOf(site, cluster, options);
  const found = await vcenter.listFolders(
    { names: ['vm'], type: 'VIRTUAL_MACHINE', datacenters: [datacenterId] },
    options,
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.folderId;
  return failWith(
    'PlacementInvalid',
    `folder is missing: the default folder of datacenter ${datacenterId} cannot be told (${found.length} are named "vm"); give one.`,
  );
}

async function datacenterOf(
  { vsphere: { vcenter } }: Site,
  cluster: ClusterSummary,
  options: CallOptions,
): Promise<string> {
  const datacenters = await vcenter.listDatacenters({}, options);
  for (const { datacenterId } of datacenters) {
    if (datacenters.length === 1) return datacenterId;
    const inside = await vcenter.listClusters(
      { clusters: [cluster.clusterId], datacenters: [datacenterId] },
      options,
    );
    if (inside.length > 0) return datacenterId;
  }
  return failWith(
    'ObjectNotFound',
    `no datacenter that the worker's account can see holds cluster "${cluster.name}": check its privileges.`,
  );
}

async function resolvePool(
  { vsphere: { vcenter } }: Site,
  cluster: ClusterSummary,
  pool: string,
  options: CallOptions,
): Promise<string> {
  const find = async (filter: ResourcePoolFilter): Promise<readonly Named[]> => {
    const found = await vcenter.listResourcePools(filter, options);
    return found.map(({ resourcePoolId, name }) => ({ id: resourcePoolId, name }));
  };
  return inCluster('resourcePool', pool, cluster, {
    byId: (within) => find({ resourcePools: [pool], ...within }),
    byName: (within) => find({ names: [pool], ...within }),
  });
}

async function resolveHost(
  { vsphere: { vcenter } }: Site,
  cluster: ClusterSummary,
  host: string,
  options: CallOptions,
): Promise<string> {
  const find = async (filter: HostFilter): Promise<readonly Named[]> => {
    const found = await vcenter.listHosts(filter, options);
    return found.map(({ hostId, name }) => ({ id: hostId, name }));
  };
  return inCluster('host', host, cluster, {
    byId: (within) => find({ hosts: [host], ...within }),
    byName: (within) => find({ names: [host], ...within }),
  });
}
