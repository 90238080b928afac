import type { PreparedRevert, PrepareRevertInput } from '../contract/activities';
import { DEFAULT_CONNECTION } from '../contract/names';
import { parseRevertInput } from '../request/operation-input';
import { checking, ownRunId } from './in-activity';
import { parsedOrRefused } from './parsed-or-refused';
import { planRevert } from './plan-revert';
import { siteOf, type Sites } from './site';

/** See `Activities.prepareRevert`. */
export async function prepareRevert(sites: Sites, { input }: PrepareRevertInput): Promise<PreparedRevert> {
  const { request } = parsedOrRefused(parseRevertInput, input);
  const site = siteOf(sites, request.connection ?? DEFAULT_CONNECTION);
  return checking(site, async (options) => {
    const { snapshotCreatedAt: _, ...planned } = await planRevert(site, request, options);
    const { user } = await site.vsphere.appliance.whoAmI(options);
    return { runId: ownRunId(), ...planned, user, settings: site.settings };
  });
}
