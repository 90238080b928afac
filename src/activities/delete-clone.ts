import type { DeleteCloneInput, DeletedClone } from '../contract/activities';
import { VsphereError, type CallOptions } from '../vsphere';
import { reading } from './in-activity';
import type { Site } from './site';

/**
 * Deletes a clone by id (E7): never a machine that is powered on, renamed or moved. The calls before the delete read, and
 * a repeated delete finds it gone, so an attempt that was lost is simply repeated.
 */
export const deleteClone = (site: Site, input: DeleteCloneInput): Promise<DeletedClone> =>
  reading('after-effect', async (options) => {
    const why = await reasonToKeep(site, input, options);
    if (why === 'gone') return { kind: 'already-gone' };
    if (why !== undefined) return { kind: 'kept', why };
    return goneIsFine(async () => {
      await site.vsphere.vcenter.deleteVm(input.cloneId, options);
      return { kind: 'deleted' };
    });
  });

async function reasonToKeep(
  site: Site,
  input: DeleteCloneInput,
  options: CallOptions,
): Promise<string | undefined> {
  if (input.cloneId === input.vmId) return 'it is the source';
  const [byId] = await site.vsphere.vcenter.listVms({ vms: [input.cloneId] }, options);
  if (byId === undefined) {
    return (await isThere(site, input.cloneId, options))
      ? 'it is there, but in no list that this account may read'
      : 'gone';
  }
  if (byId.name !== input.name) return `it was renamed to ${byId.name}`;
  if (byId.powerState !== 'POWERED_OFF') return `it is ${byId.powerState}`;
  const { cloneId, name, folderId, clusterId } = input;
  const where = { names: [name], folders: [folderId], clusters: [clusterId] };
  const here = await site.vsphere.vcenter.listVms({ vms: [cloneId], ...where }, options);
  return here.some(({ vmId }) => vmId === cloneId) ? undefined : 'it was moved to another folder or cluster';
}

/** A list leaves out what the account may not see, for example in a folder that it was moved to: only a 404 says "gone". */
async function isThere({ vsphere }: Site, vmId: string, options: CallOptions): Promise<boolean> {
  try {
    await vsphere.vcenter.getVm(vmId, options);
    return true;
  } catch (error) {
    if (error instanceof VsphereError && error.kind === 'not-found') return false;
    throw error;
  }
}

async function goneIsFine(body: () => Promise<DeletedClone>): Promise<DeletedClone> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof VsphereError && error.kind === 'not-found') return { kind: 'already-gone' };
    throw error;
  }
}
