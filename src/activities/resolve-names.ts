import type { CallOptions, ClusterSummary, VmSummary, Snapshot } from '../vsphere';
import type { Site } from './connection';
import { failWith } from './errors';
import { onlyOne, type Named } from './resolve-one';
import { resolveSnapshot } from './resolve-snapshot';

/** The cluster asked for, or else the one that holds the machine. The machine must be in it. */
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

/** Folders that are looked through to say where machines of one name are. Beyond, their ids must do. */
const FOLDERS_LOOKED_THROUGH = 50;

/** The machine that `vm` means. Of a name that matches several, each is listed with its folder. */
export async function resolveVm(site: Site, vm: string, options: CallOptions): Promise<Named> {
  const { vcenter } = site.vsphere;
  const [byId, byName] = await Promise.all([
    vcenter.listVms({ vms: [vm] }, options),
    vcenter.listVms({ names: [vm] }, options),
  ]);
  const named = byName.length > 1 ? await withFolders(site, byName, options) : byName.map(plain);
  return onlyOne('vm', vm, byId.map(plain), named);
}

const plain = ({ vmId, name }: VmSummary): Named => ({ id: vmId, name });

async function withFolders(
  { vsphere: { vcenter } }: Site,
  vms: readonly VmSummary[],
  options: CallOptions,
): Promise<readonly Named[]> {
  const folders = await vcenter.listFolders({ type: 'VIRTUAL_MACHINE' }, options);
  const where = new Map<string, string>();
  for (const { folderId, name } of folders.slice(0, FOLDERS_LOOKED_THROUGH)) {
    const inside = await vcenter.listVms({ vms: vms.map(({ vmId }) => vmId), folders: [folderId] }, options);
    for (const { vmId } of inside) where.set(vmId, `folder ${name} (${folderId})`);
  }
  return vms.map((vm) => ({ ...plain(vm), ...(where.has(vm.vmId) ? { where: where.get(vm.vmId)! } : {}) }));
}

export interface Source {
  readonly vm: Named;
  readonly cluster: ClusterSummary;
  readonly snapshot: Snapshot;
}

/** Machine, cluster and snapshot that a request means. */
export async function resolveSource(
  site: Site,
  request: { readonly vm: string; readonly cluster?: string; readonly snapshot: string },
  options: CallOptions,
): Promise<Source> {
  const vm = await resolveVm(site, request.vm, options);
  const cluster = await resolveCluster(site, request.cluster, vm, options);
  const of = { clusterId: cluster.clusterId, vmId: vm.id, vmName: vm.name };
  return { vm, cluster, snapshot: await resolveSnapshot(site, of, request.snapshot, options) };
}
