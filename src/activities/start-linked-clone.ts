import type { StartLinkedCloneInput } from '../contract/activities';
import type { StartOutcome } from '../contract/evidence';
import { vmsNamed } from './look';
import type { Site } from './site';
import { refused, startOnce } from './start-once';

/** See `Activities.startLinkedClone`. Foreign tasks forbid nothing: siblings of one source are normal (E4). */
export function startLinkedClone(site: Site, input: StartLinkedCloneInput): Promise<StartOutcome> {
  const { clusterId, vmId, snapshotId, name, folderId, placement } = input;
  const spec = { snapshot: snapshotId, name, ...(Object.keys(placement).length === 0 ? {} : { placement }) };
  return startOnce(site, input, {
    lookBefore: async (options) => {
      const [taken] = await vmsNamed(site, input, options);
      if (taken === undefined) return undefined;
      return refused(
        true,
        'NameTaken',
        `name "${name}" is taken by ${taken.vmId} in folder ${folderId}: choose another name.`,
      );
    },
    post: (options) => site.vsphere.appliance.startLinkedClone(clusterId, vmId, spec, options),
  });
}
