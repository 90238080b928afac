import type { PreparedRevert } from '../contract/activities';
import { DEFAULT_CONNECTION } from '../contract/names';
import type { RevertRequest } from '../contract/request';
import type { CallOptions } from '../vsphere';
import { assertAllowed } from './assert-allowed';
import { checkPrivileges } from './check-privileges';
import { resolveSource } from './resolve-source';
import { revertPrivileges } from './revert-privileges';
import type { Site } from './site';

/** A request with every name resolved and every check passed. */
export interface PlannedRevert extends Omit<PreparedRevert, 'runId' | 'user' | 'settings'> {
  /** ISO 8601. */
  readonly snapshotCreatedAt: string;
}

/** Resolves and checks; reads only. Fails with the first kind of problem, with all problems of that kind. */
export async function planRevert(
  site: Site,
  request: RevertRequest,
  options: CallOptions,
): Promise<PlannedRevert> {
  const { vm, cluster, snapshot } = await resolveSource(site, request, options);
  const { clusterId } = cluster;
  await assertAllowed(site, { cluster, source: vm }, options);
  const privileges = revertPrivileges(request, { clusterId, vmId: vm.id });
  const warnings = await checkPrivileges(site, privileges, options);
  return {
    connection: request.connection ?? DEFAULT_CONNECTION,
    clusterId,
    vmId: vm.id,
    vmName: vm.name,
    snapshotId: snapshot.snapshotId,
    snapshotName: snapshot.name,
    snapshotCreatedAt: snapshot.createdAt,
    warnings,
  };
}
