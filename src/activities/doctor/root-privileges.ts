import type { Check } from '../../contract/check';
import type { CallOptions } from '../../vsphere';
import { clonePrivileges } from '../clone-privileges';
import { revertPrivileges } from '../revert-privileges';
import type { Site } from '../site';

const ANY = { clusterId: '', vmId: '', folderId: '', poolId: '' };
/** Of every operation with every option, from the tables that `prepare` checks by. */
const NEEDED = [
  ...new Set(
    [...clonePrivileges({ powerOn: true }, ANY), ...revertPrivileges({ restorePower: true }, ANY)].map(
      ({ privilege }) => privilege,
    ),
  ),
].toSorted();

/**
 * The account's privileges on the root folder. One that lacks there may be granted below: each operation checks the
 * objects that it touches, so this is a warning at most.
 */
export async function rootPrivileges({ name, vsphere }: Site, options: CallOptions): Promise<Check> {
  const root = await vsphere.privileges.rootFolder(options);
  const [answer] = await vsphere.privileges.check([root], NEEDED, options);
  const missing = NEEDED.filter((privilege) => answer?.granted[privilege] !== true);
  const about = { check: 'privileges', subject: name } as const;
  if (missing.length === 0)
    return {
      ...about,
      state: 'ok',
      message: 'the account has every privilege of clones and reverts at the root',
    };
  return {
    ...about,
    state: 'warning',
    message: `the account lacks ${missing.join(', ')} on the root folder (${root.id}); each operation checks its own objects`,
    remedy:
      'grant them on the folders, clusters and machines that are used, and see with snapflow clone --plan that they are there',
  };
}
