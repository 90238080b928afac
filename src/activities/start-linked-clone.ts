import type { StartLinkedCloneInput } from '../contract/activities';
import type { StartOutcome } from '../contract/evidence';
import type { CallOptions } from '../vsphere';
import { callerId } from './in-activity';
import { vmsNamed } from './look';
import type { Site } from './site';
import { refused, startOnce } from './start-once';

/** See `Activities.startLinkedClone`. Foreign tasks forbid nothing: siblings of one source are normal (E4). */
export function startLinkedClone(site: Site, input: StartLinkedCloneInput): Promise<StartOutcome> {
  const { clusterId, vmId, snapshotId, name, folderId, placement } = input;
  const spec = { snapshot: snapshotId, name, ...(Object.keys(placement).length === 0 ? {} : { placement }) };
  const nameTaken = async (options: CallOptions) => {
    const [taken] = await vmsNamed(site, input, options);
    if (taken === undefined) return undefined;
    return refused(
      true,
      'NameTaken',
      `name "${name}" is taken by ${taken.vmId} in folder ${folderId}: choose another name.`,
    );
  };
  return startOnce(site, input, {
    operation: 'clone',
    lookBefore: nameTaken,
    // Somebody took the name since that look. A read that fails leaves the server's own words.
    explain: async ({ kind }) =>
      kind === 'already-exists' ? nameTaken({ requestId: callerId() }).catch(() => undefined) : undefined,
    post: (options) => site.vsphere.appliance.startLinkedClone(clusterId, vmId, spec, options),
  });
}
