import { nameForms } from '../contract/spelling';
import type { CallOptions, ClusterSummary, VmSummary } from '../vsphere';
import type { Connection } from './connection';
import { failWith } from './errors';
import {
  holderOf,
  matched,
  onlyOne,
  onlyOnePlaced,
  placesOf,
  unlessTooLong,
  type Named,
} from './resolve-one';
import { resolveSnapshot, type UsableSnapshot } from './resolve-snapshot';

/** The cluster that holds the machine. One that is asked for must be that one, so two of one name are told apart by it. */
export async function resolveCluster(
  connection: Connection,
  cluster: string | undefined,
  vm: { readonly id: string; readonly name: string },
  options: CallOptions,
): Promise<ClusterSummary> {
  const candidates =
    cluster === undefined
      ? await allClusters(connection, vm.id, options)
      : await clustersCalled(connection, cluster, options);
  const holder = await holderOf(candidates, async (some) => {
    const clusters = some.map(({ clusterId }) => clusterId);
    return (await connection.vsphere.vcenter.listVms({ vms: [vm.id], clusters }, options)).length > 0;
  });
  if (holder !== undefined) return holder;
  return failWith(
    'ObjectNotFound',
    cluster === undefined
      ? `vm "${vm.name}" (${vm.id}) is in none of the clusters that the worker's account can see: check its privileges.`
      : `cluster "${cluster}" does not hold vm "${vm.name}" (${vm.id}): name the one that does, or leave cluster out.`,
    cluster === undefined ? { field: 'vm', value: vm.id } : { field: 'cluster', value: cluster },
  );
}

/** Of a site with more clusters than vCenter lists: those of the machine's datacenter. */
async function allClusters(
  { vsphere: { vcenter } }: Connection,
  vmId: string,
  options: CallOptions,
): Promise<readonly ClusterSummary[]> {
  const all = await unlessTooLong(() => vcenter.listClusters({}, options));
  if (all !== undefined) return all;
  const datacenter = await holderOf(await vcenter.listDatacenters({}, options), async (some) => {
    const datacenters = some.map(({ datacenterId }) => datacenterId);
    return (await vcenter.listVms({ vms: [vmId], datacenters }, options)).length > 0;
  });
  return datacenter === undefined
    ? []
    : vcenter.listClusters({ datacenters: [datacenter.datacenterId] }, options);
}

async function clustersCalled(
  { vsphere: { vcenter } }: Connection,
  cluster: string,
  options: CallOptions,
): Promise<readonly ClusterSummary[]> {
  const [byId, byName] = await Promise.all([
    vcenter.listClusters({ clusters: [cluster] }, options),
    vcenter.listClusters({ names: nameForms(cluster) }, options),
  ]);
  const withId = (found: readonly ClusterSummary[]) => found.map((each) => ({ ...each, id: each.clusterId }));
  const all = matched({ byId: withId(byId), byName: withId(byName) });
  return all.length > 0 ? all : [onlyOne('cluster', cluster, { byId: [], byName: all })];
}

/** The machine that `vm` means. Where it matches several, each is told with its folder. */
export async function resolveVm(connection: Connection, vm: string, options: CallOptions): Promise<Named> {
  const { vcenter } = connection.vsphere;
  const [byId, byName] = await Promise.all([
    vcenter.listVms({ vms: [vm] }, options),
    vcenter.listVms({ names: nameForms(vm) }, options),
  ]);
  const found = { byId: byId.map(plain), byName: byName.map(plain) };
  return onlyOnePlaced('vm', vm, found, (objects) => foldersOf(connection, objects, options));
}

/** A machine is called by its id where its name does not read. */
const plain = ({ vmId, name = vmId }: VmSummary): Named => ({ id: vmId, name });

const foldersOf = (
  { vsphere: { vcenter } }: Connection,
  vms: readonly Named[],
  options: CallOptions,
): Promise<ReadonlyMap<string, string>> =>
  placesOf(
    vms,
    async () =>
      (await vcenter.listFolders({ type: 'VIRTUAL_MACHINE' }, options)).map(({ folderId, name }) => ({
        id: folderId,
        name,
      })),
    'folder',
    async (vmId, some) =>
      (await vcenter.listVms({ vms: [vmId], folders: some.map(({ id }) => id) }, options)).length > 0,
  );

export interface Source {
  readonly vm: Named;
  readonly cluster: ClusterSummary;
  readonly snapshot: UsableSnapshot;
}

/** Machine and cluster that a request means. */
export async function resolveMachine(
  connection: Connection,
  request: { readonly vm: string; readonly cluster?: string },
  options: CallOptions,
): Promise<Omit<Source, 'snapshot'>> {
  const vm = await resolveVm(connection, request.vm, options);
  return { vm, cluster: await resolveCluster(connection, request.cluster, vm, options) };
}

/** Machine, cluster and snapshot that a request means. */
export async function resolveSource(
  connection: Connection,
  request: { readonly vm: string; readonly cluster?: string; readonly snapshot: string },
  options: CallOptions,
): Promise<Source> {
  const { vm, cluster } = await resolveMachine(connection, request, options);
  const of = { clusterId: cluster.clusterId, vmId: vm.id, vmName: vm.name };
  return { vm, cluster, snapshot: await resolveSnapshot(connection, of, request.snapshot, options) };
}
