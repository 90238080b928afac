import type { PreparedLinkedClone, PrepareLinkedCloneInput } from '../contract/activities';
import { DEFAULT_CONNECTION } from '../contract/names';
import type { LinkedCloneInput } from '../contract/request';
import { parseLinkedCloneInput } from '../request/operation-input';
import { ownRunId, reading } from './in-activity';
import { lookForClone } from './look';
import { parsedOrRefused } from './parsed-or-refused';
import { planLinkedClone, type PlannedClone } from './plan-linked-clone';
import { settleMsAfterTermination } from './settle-after-termination';
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
  return reading('before-start', async (options) => {
    const settleMs = await settleMsAfterTermination(exclusion, site.settings);
    const { nameTakenBy, ...plan } = await planLinkedClone(site, request, options);
    const baseline = await lookForClone(site, plan, 'first', options);
    // In a run that may have posted the machine of that name may be its own: a failure would be a false one (E11).
    if (!mayHavePosted(input, originalRunId)) refuseTakenName({ ...plan, nameTakenBy });
    const { user } = await site.vsphere.appliance.whoAmI(options);
    return {
      ...plan,
      user,
      baseline,
      settings: site.settings,
      ...(settleMs === undefined ? {} : { settleMs }),
    };
  });
}

const mayHavePosted = ({ again }: LinkedCloneInput, originalRunId: string): boolean =>
  again !== undefined || ownRunId() !== originalRunId;

export function refuseTakenName({
  name,
  folderId,
  nameTakenBy,
}: Pick<PlannedClone, 'name' | 'folderId' | 'nameTakenBy'>): void {
  const [taken] = nameTakenBy;
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
