import type { Ids } from './ids';
import type { InventoryFile } from './inventory-schema';

type VmFile = InventoryFile['vms'][number];
type Place = Pick<VmFile, 'folder' | 'resourcePool' | 'cluster'> & { hosts: readonly string[] };

const PRODUCTION: Place = {
  folder: 'group-v101',
  resourcePool: 'resgroup-20',
  cluster: 'domain-c8',
  hosts: ['host-12', 'host-13', 'host-14'],
};
const STAGING: Place = { ...PRODUCTION, folder: 'group-v102', resourcePool: 'resgroup-9' };
const WITHOUT_DRS: Place = {
  folder: 'group-v101',
  resourcePool: 'resgroup-70',
  cluster: 'domain-c58',
  hosts: ['host-62', 'host-63', 'host-64'],
};

function series(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-0${index + 1}`);
}

/** `shared-01` is there twice, in two folders: a name alone does not identify a VM. */
const PLACED: readonly (readonly [string, Place])[] = [
  ...series('web', 6).map((name) => [name, PRODUCTION] as const),
  ...series('app', 4).map((name) => [name, STAGING] as const),
  ['shared-01', PRODUCTION],
  ['shared-01', STAGING],
  ...series('db', 4).map((name) => [name, WITHOUT_DRS] as const),
  ...series('batch', 4).map((name) => [name, WITHOUT_DRS] as const),
];

const POWERED_OFF = 'app-04';

/** The 20 VMs of the default inventory, `vm-1001` (`web-01`) to `vm-1020`; one of them is powered off. */
export function defaultVms(ids: Ids): VmFile[] {
  return PLACED.map(([name, { hosts, ...place }], index) => ({
    id: `vm-${1001 + index}`,
    name,
    ...place,
    host: hosts[index % hosts.length] ?? 'host-12',
    powerState: name === POWERED_OFF ? 'POWERED_OFF' : 'POWERED_ON',
    contentGeneration: 10,
    biosUuid: ids.uuid(),
  }));
}
