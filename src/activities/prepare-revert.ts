import type { PreparedRevert, PrepareRevertInput } from '../contract/activities';
import { DEFAULT_CONNECTION } from '../contract/names';
import { parseRevertInput } from '../request/operation-input';
import { assertAllowed } from './assert-allowed';
import { checkPrivileges } from './check-privileges';
import { ownRunId, reading } from './in-activity';
import { parsedOrRefused } from './parsed-or-refused';
import { resolveSource } from './resolve-source';
import { revertPrivileges } from './revert-privileges';
import { siteOf, type Sites } from './site';

/** See `Activities.prepareRevert`. */
export async function prepareRevert(sites: Sites, { input }: PrepareRevertInput): Promise<PreparedRevert> {
  const { request } = parsedOrRefused(parseRevertInput, input);
  const connection = request.connection ?? DEFAULT_CONNECTION;
  const site = siteOf(sites, connection);
  return reading('before-start', async (options) => {
    const { vm, cluster, snapshot } = await resolveSource(site, request, options);
    const { clusterId } = cluster;
    await assertAllowed(site, { cluster, source: vm }, options);
    const warnings = await checkPrivileges(
      site,
      revertPrivileges(request, { clusterId, vmId: vm.id }),
      options,
    );
    const { user } = await site.vsphere.appliance.whoAmI(options);
    return {
      runId: ownRunId(),
      connection,
      clusterId,
      vmId: vm.id,
      vmName: vm.name,
      snapshotId: snapshot.snapshotId,
      snapshotName: snapshot.name,
      user,
      settings: site.settings,
      warnings,
    };
  });
}
