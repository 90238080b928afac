import type { CallOptions, VmSummary } from '../vsphere';
import { onlyOne, type Named } from './resolve-one';
import type { Site } from './site';

/** Folders that are looked through to say where machines of one name are; beyond, their ids must do. */
const FOLDERS_LOOKED_THROUGH = 50;

/** The machine that `vm` means; of a name that matches several, each is listed with its folder. */
export async function resolveVm(site: Site, vm: string, options: CallOptions): Promise<Named> {
  const { vcenter } = site.vsphere;
  const [byId, byName] = await Promise.all([
    vcenter.listVms({ vms: [vm] }, options),
    vcenter.listVms({ names: [vm] }, options),
  ]);
  const named = byName.length > 1 ? await withFolders(site, byName, options) : byName.map(plain);
  return onlyOne('vm', vm, byId.map(plain), named);
}

const plain = ({ vmId, name }: VmSummary): Named => ({ id: vmId, name });

async function withFolders(
  { vsphere: { vcenter } }: Site,
  vms: readonly VmSummary[],
  options: CallOptions,
): Promise<readonly Named[]> {
  const folders = await vcenter.listFolders({ type: 'VIRTUAL_MACHINE' }, options);
  const where = new Map<string, string>();
  for (const { folderId, name } of folders.slice(0, FOLDERS_LOOKED_THROUGH)) {
    const inside = await vcenter.listVms({ vms: vms.map(({ vmId }) => vmId), folders: [folderId] }, options);
    for (const { vmId } of inside) where.set(vmId, `folder ${name} (${folderId})`);
  }
  return vms.map((vm) => ({ ...plain(vm), ...(where.has(vm.vmId) ? { where: where.get(vm.vmId)! } : {}) }));
}
