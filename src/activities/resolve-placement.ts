import type { Placement } from '../contract/activities';
import { omitUndefined } from '../contract/omit-undefined';
import type { LinkedCloneRequest } from '../contract/operations';
import { nameForms } from '../contract/spelling';
import type { CallOptions, ClusterSummary, FolderFilter, HostFilter, ResourcePoolFilter } from '../vsphere';
import type { Connection } from './connection';
import { failWith } from './errors';
import { holderOf, onlyOneIn, placesOf, type Named, type Place } from './resolve-one';

export interface ResolvedPlacement {
  /** As sent: only what was asked for. */
  readonly placement: Placement;
  /** Where the clone will be, given or default. */
  readonly folderId: string;
  readonly folderName: string;
}

/**
 * Folder, pool and host by id, in the cluster. Without DRS the service needs a host (LinkedClonePlacementSpec.host).
 * Where vCenter does not say whether there is DRS, the service decides.
 */
export async function resolvePlacement(
  connection: Connection,
  cluster: ClusterSummary,
  { folder, resourcePool, host }: LinkedCloneRequest,
  options: CallOptions,
): Promise<ResolvedPlacement> {
  if (cluster.drsEnabled === false && host === undefined) {
    failWith(
      'PlacementInvalid',
      `host is missing: cluster "${cluster.name}" has no DRS, so the service cannot choose one; give a host of it.`,
      { field: 'host', cluster: cluster.name },
    );
  }
  const datacenter = await datacenterOf(connection, cluster, options);
  const inCluster: Place = {
    kind: 'cluster',
    name: cluster.name,
    within: { clusters: [cluster.clusterId] },
  };
  const [place, poolId, hostId] = await Promise.all([
    folder === undefined
      ? defaultFolder(connection, datacenter, options)
      : resolveFolder(connection, datacenter, folder, options),
    resourcePool === undefined ? undefined : resolvePool(connection, inCluster, resourcePool, options),
    host === undefined ? undefined : resolveHost(connection, inCluster, host, options),
  ]);
  return {
    folderId: place.id,
    folderName: place.name,
    placement: omitUndefined({
      folder: folder === undefined ? undefined : place.id,
      resource_pool: poolId,
      host: hostId,
    }),
  };
}

const FOLDERS_OF_VMS = { type: 'VIRTUAL_MACHINE' } as const;

/** A folder of another datacenter would be refused only by the task, or not at all. */
async function resolveFolder(
  { vsphere: { vcenter } }: Connection,
  { datacenterId, name }: DatacenterSummary,
  folder: string,
  options: CallOptions,
): Promise<Named> {
  const datacenters = [datacenterId];
  const find = async (filter: FolderFilter): Promise<readonly Named[]> =>
    (await vcenter.listFolders({ ...filter, ...FOLDERS_OF_VMS }, options)).map((found) => ({
      id: found.folderId,
      name: found.name,
    }));
  const place: Place = { kind: 'datacenter', name, within: { datacenters } };
  return onlyOneIn('folder', folder, place, {
    byId: (within) => find({ folders: [folder], ...within }),
    byName: (within) => find({ names: nameForms(folder), ...within }),
    whereIs: (folders) =>
      placesOf(
        folders,
        () => find({ datacenters }),
        'folder',
        async (child, some) =>
          (await find({ folders: [child], parentFolders: some.map((parent) => parent.id) })).length > 0,
      ),
  });
}

/** The service's own default: the virtual machine folder of the datacenter, which vCenter always names `vm`. */
async function defaultFolder(
  { vsphere: { vcenter } }: Connection,
  { datacenterId }: DatacenterSummary,
  options: CallOptions,
): Promise<Named> {
  const found = await vcenter.listFolders(
    { names: ['vm'], ...FOLDERS_OF_VMS, datacenters: [datacenterId] },
    options,
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return { id: only.folderId, name: only.name };
  return failWith(
    'PlacementInvalid',
    `folder is missing: the default folder of datacenter ${datacenterId} cannot be told (${found.length} are named "vm"); give one.`,
  );
}

type DatacenterSummary = Awaited<ReturnType<Connection['vsphere']['vcenter']['listDatacenters']>>[number];

/** The cluster's datacenter, which is the machine's. */
async function datacenterOf(
  { vsphere: { vcenter } }: Connection,
  { clusterId, name }: ClusterSummary,
  options: CallOptions,
): Promise<DatacenterSummary> {
  const all = await vcenter.listDatacenters({}, options);
  const [only, ...others] = all;
  if (only !== undefined && others.length === 0) return only;
  const holder = await holderOf(all, async (some) => {
    const datacenters = some.map(({ datacenterId }) => datacenterId);
    return (await vcenter.listClusters({ clusters: [clusterId], datacenters }, options)).length > 0;
  });
  return (
    holder ??
    failWith(
      'ObjectNotFound',
      `no datacenter that the worker's account can see holds cluster "${name}": check its privileges.`,
    )
  );
}

async function resolvePool(
  { vsphere: { vcenter } }: Connection,
  inCluster: Place,
  pool: string,
  options: CallOptions,
): Promise<string> {
  const find = async (filter: ResourcePoolFilter): Promise<readonly Named[]> =>
    (await vcenter.listResourcePools(filter, options)).map(({ resourcePoolId, name }) => ({
      id: resourcePoolId,
      name,
    }));
  const { id } = await onlyOneIn('resourcePool', pool, inCluster, {
    byId: (within) => find({ resourcePools: [pool], ...within }),
    byName: (within) => find({ names: nameForms(pool), ...within }),
    whereIs: (pools) =>
      placesOf(
        pools,
        () => find(inCluster.within),
        'pool',
        async (child, some) =>
          (await find({ resourcePools: [child], parentResourcePools: some.map((parent) => parent.id) }))
            .length > 0,
      ),
  });
  return id;
}

/** vCenter's REST says whether a host is connected. Maintenance it does not say. */
async function resolveHost(
  { vsphere: { vcenter } }: Connection,
  inCluster: Place,
  host: string,
  options: CallOptions,
): Promise<string> {
  const find = async (filter: HostFilter) =>
    (await vcenter.listHosts(filter, options)).map(({ hostId, ...found }) => ({ id: hostId, ...found }));
  const { id, name, connectionState } = await onlyOneIn('host', host, inCluster, {
    byId: (within) => find({ hosts: [host], ...within }),
    byName: (within) => find({ names: nameForms(host), ...within }),
    whereIs: async () => new Map<string, string>(),
  });
  if (connectionState !== undefined && UNREACHABLE_HOSTS.includes(connectionState)) {
    failWith(
      'PlacementInvalid',
      `host "${name}" (${id}) is ${connectionState}: give a host of cluster "${inCluster.name}" that is connected, or leave host out.`,
      { field: 'host', value: host, cluster: inCluster.name },
    );
  }
  return id;
}

const UNREACHABLE_HOSTS: readonly string[] = ['DISCONNECTED', 'NOT_RESPONDING'];
