import type { PreparedLinkedClone, PrepareLinkedCloneInput } from '../contract/activities';
import type { ObservedVm } from '../contract/evidence';
import { DEFAULT_CONNECTION } from '../contract/names';
import type { LinkedCloneInput } from '../contract/request';
import { parseLinkedCloneInput } from '../request/operation-input';
import { checking, ownRunId } from './in-activity';
import { lookForClone } from './look';
import { parsedOrRefused } from './parsed-or-refused';
import { planLinkedClone, type PlannedClone } from './plan-linked-clone';
import { recentHolders } from './recent-holders';
import { siteOf, type Sites } from './site';
import { failWith } from './to-failure';

/** See `Activities.prepareLinkedClone`. Callers in other languages bypass our client, so everything is parsed here again. */
export async function prepareLinkedClone(
  sites: Sites,
  { input: unparsed, exclusion, originalRunId }: PrepareLinkedCloneInput,
): Promise<PreparedLinkedClone> {
  const input = parsedOrRefused(parseLinkedCloneInput, unparsed);
  const { request } = input;
  const site = siteOf(sites, request.connection ?? DEFAULT_CONNECTION);
  return checking(site, async (options) => {
    const { settleMs, ofOthers } = await recentHolders(exclusion, site.settings);
    const plan = await planLinkedClone(site, request, options);
    const baseline = await lookForClone(site, plan, 'first', options);
    // In a run that may have posted the machine of that name may be its own: a failure would be a false one (E11).
    if (!mayHavePosted(input, originalRunId)) refuseTakenName(plan, baseline.vms);
    const { user } = await site.vsphere.appliance.whoAmI(options);
    return {
      ...plan,
      user,
      baseline: { ...baseline, ofOthers },
      settings: site.settings,
      ...(settleMs === undefined ? {} : { settleMs }),
    };
  });
}

const mayHavePosted = ({ again }: LinkedCloneInput, originalRunId: string): boolean =>
  again !== undefined || ownRunId() !== originalRunId;

export function refuseTakenName(
  { name, folderId }: Pick<PlannedClone, 'name' | 'folderId'>,
  [taken]: readonly ObservedVm[],
): void {
  if (taken === undefined) return;
  failWith(
    'NameTaken',
    `name "${name}" is taken by ${taken.vmId} in folder ${folderId}: choose another name.`,
    {
      field: 'name',
      value: name,
      vmId: taken.vmId,
    },
  );
}
