import type { InventoryFile } from '../../packages/simulator/src/world/inventory-schema';
import { SOURCE_VM } from './request';

const HOUR = 3_600_000;
const CLUSTER = 'domain-c8';

const snapshot = (
  name: string,
  type: 'SCHEDULED' | 'SYSTEM_CREATED',
  ageMs: number,
  contentGeneration: number,
) => ({
  id: `snapshot-${name}`,
  vm: SOURCE_VM,
  cluster: CLUSTER,
  name,
  type,
  createdAt: -ageMs,
  contentGeneration,
});

/** One machine that is powered on, and was reverted before: all that one name or one machine needs, so that a schedule is quick. */
export const SMALL_SITE: InventoryFile = {
  datacenters: [{ id: 'datacenter-2', name: 'dc-01', vmFolder: 'group-v3' }],
  folders: [
    { id: 'group-d1', name: 'Datacenters', type: 'DATACENTER' },
    { id: 'group-v3', name: 'vm', type: 'VIRTUAL_MACHINE', datacenter: 'datacenter-2' },
  ],
  clusters: [
    { id: CLUSTER, name: 'cluster-01', datacenter: 'datacenter-2', drsEnabled: true, haEnabled: true },
  ],
  hosts: [{ id: 'host-12', name: 'esx-01.example.test', cluster: CLUSTER }],
  resourcePools: [{ id: 'resgroup-9', name: 'Resources', cluster: CLUSTER }],
  vms: [
    {
      id: SOURCE_VM,
      name: 'web-01',
      folder: 'group-v3',
      resourcePool: 'resgroup-9',
      cluster: CLUSTER,
      host: 'host-12',
      powerState: 'POWERED_ON',
      contentGeneration: 10,
    },
  ],
  protectionGroups: [],
  groupSnapshots: [],
  snapshots: [
    snapshot('nightly-0412', 'SCHEDULED', 6 * HOUR, 8),
    snapshot('system-before-revert', 'SYSTEM_CREATED', 2 * HOUR, 9),
  ],
};
