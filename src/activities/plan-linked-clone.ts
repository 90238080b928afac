import type { PreparedLinkedClone } from '../contract/activities';
import { DEFAULT_CONNECTION } from '../contract/names';
import type { LinkedCloneRequest } from '../contract/request';
import type { CallOptions } from '../vsphere';
import { assertAllowed } from './assert-allowed';
import { checkPrivileges } from './check-privileges';
import { clonePrivileges } from './clone-privileges';
import { resolvePlacement } from './resolve-placement';
import { resolveSource } from './resolve-source';
import type { Site } from './site';

/** A request with every name resolved and every check passed. */
export type PlannedClone = Omit<PreparedLinkedClone, 'user' | 'baseline' | 'settings' | 'settleMs'>;

/** Resolves and checks all but whether the name is free; reads only. Fails with the first kind of problem, with all problems of that kind. */
export async function planLinkedClone(
  site: Site,
  request: LinkedCloneRequest,
  options: CallOptions,
): Promise<PlannedClone> {
  const { vm, cluster, snapshot } = await resolveSource(site, request, options);
  const { clusterId } = cluster;
  const { folderId, placement } = await resolvePlacement(site, cluster, request, options);
  await assertAllowed(site, { cluster, source: vm, clone: { name: request.name, folderId } }, options);
  const poolId = placement.resource_pool;
  const ids = { clusterId, vmId: vm.id, folderId, ...(poolId === undefined ? {} : { poolId }) };
  const warnings = await checkPrivileges(site, clonePrivileges(request, ids), options);
  return {
    connection: request.connection ?? DEFAULT_CONNECTION,
    clusterId,
    vmId: vm.id,
    vmName: vm.name,
    snapshotId: snapshot.snapshotId,
    snapshotName: snapshot.name,
    name: request.name,
    folderId,
    placement,
    warnings,
  };
}
