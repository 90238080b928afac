import type { CallOptions, ClusterSummary, Snapshot } from '../vsphere';
import { resolveCluster } from './resolve-cluster';
import type { Named } from './resolve-one';
import { resolveSnapshot } from './resolve-snapshot';
import { resolveVm } from './resolve-vm';
import type { Site } from './site';

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
