import { z } from 'zod';
import type { HostCalls } from './calls';
import { VsphereError } from './errors';
import { id, list, text, type CallOptions, type ChangeOptions, type Filters } from './replies';

const POWER_STATES = ['POWERED_OFF', 'POWERED_ON', 'SUSPENDED'] as const;
export type PowerState = (typeof POWER_STATES)[number];

export interface VmSummary {
  readonly vmId: string;
  readonly name: string;
  readonly powerState: PowerState;
}

export interface ClusterSummary {
  readonly clusterId: string;
  readonly name: string;
  readonly drsEnabled: boolean;
  readonly haEnabled: boolean;
}

/** Filters take ids or names, exact. Between the filters AND, within one OR. An empty list is refused. */
interface VmFilter {
  vms?: readonly string[];
  names?: readonly string[];
  folders?: readonly string[];
  clusters?: readonly string[];
  datacenters?: readonly string[];
  powerStates?: readonly PowerState[];
}

interface ClusterFilter {
  clusters?: readonly string[];
  names?: readonly string[];
  datacenters?: readonly string[];
}

export interface FolderFilter {
  folders?: readonly string[];
  names?: readonly string[];
  /** Such as `VIRTUAL_MACHINE`. */
  type?: string;
  parentFolders?: readonly string[];
  datacenters?: readonly string[];
}

export interface ResourcePoolFilter {
  resourcePools?: readonly string[];
  names?: readonly string[];
  clusters?: readonly string[];
  parentResourcePools?: readonly string[];
}

export interface HostFilter {
  hosts?: readonly string[];
  names?: readonly string[];
  clusters?: readonly string[];
}

interface DatacenterFilter {
  datacenters?: readonly string[];
  names?: readonly string[];
  folders?: readonly string[];
}

/** vCenter REST, `/api/vcenter`. Every call rejects with a `VsphereError`. */
export interface Vcenter {
  /** More than 4000 matches are an error: look up by name or id. */
  listVms(filter: VmFilter, options?: CallOptions): Promise<VmSummary[]>;
  getVm(vmId: string, options?: CallOptions): Promise<{ name: string; powerState: PowerState }>;
  /** Deletes the VM and its disks. It must be powered off. */
  deleteVm(vmId: string, options?: ChangeOptions): Promise<void>;
  getPower(vmId: string, options?: CallOptions): Promise<PowerState>;
  /** Resolves when the server accepted it, also when the VM was in that state before (ALREADY_IN_DESIRED_STATE). */
  setPower(vmId: string, action: 'start' | 'stop', options?: ChangeOptions): Promise<void>;
  listClusters(filter: ClusterFilter, options?: CallOptions): Promise<ClusterSummary[]>;
  listFolders(
    filter: FolderFilter,
    options?: CallOptions,
  ): Promise<{ folderId: string; name: string; type: string }[]>;
  listResourcePools(
    filter: ResourcePoolFilter,
    options?: CallOptions,
  ): Promise<{ resourcePoolId: string; name: string }[]>;
  listHosts(
    filter: HostFilter,
    options?: CallOptions,
  ): Promise<{ hostId: string; name: string; connectionState: string }[]>;
  listDatacenters(
    filter: DatacenterFilter,
    options?: CallOptions,
  ): Promise<{ datacenterId: string; name: string }[]>;
}

const BASE = ['api', 'vcenter'] as const;
const powerState = z.enum(POWER_STATES);
const vm = z
  .object({ name: text, power_state: powerState })
  .transform(({ name, power_state }) => ({ name, powerState: power_state }));
const vmSummary = z
  .object({ vm: id, name: text, power_state: powerState })
  .transform(({ vm, name, power_state }) => ({ vmId: vm, name, powerState: power_state }));
const power = z.object({ state: powerState }).transform(({ state }) => state);
const clusterSummary = z
  .object({ cluster: id, name: text, drs_enabled: z.boolean(), ha_enabled: z.boolean() })
  .transform(({ cluster, name, drs_enabled, ha_enabled }) => ({
    clusterId: cluster,
    name,
    drsEnabled: drs_enabled,
    haEnabled: ha_enabled,
  }));
const folderSummary = z
  .object({ folder: id, name: text, type: text })
  .transform(({ folder, name, type }) => ({ folderId: folder, name, type }));
const resourcePoolSummary = z
  .object({ resource_pool: id, name: text })
  .transform(({ resource_pool, name }) => ({ resourcePoolId: resource_pool, name }));
const hostSummary = z
  .object({ host: id, name: text, connection_state: text })
  .transform(({ host, name, connection_state }) => ({
    hostId: host,
    name,
    connectionState: connection_state,
  }));
const datacenterSummary = z
  .object({ datacenter: id, name: text })
  .transform(({ datacenter, name }) => ({ datacenterId: datacenter, name }));

export function createVcenter(calls: HostCalls): Vcenter {
  return { ...inventoryCalls(calls), ...vmCalls(calls), ...powerCalls(calls) };
}

type InventoryCalls = Pick<
  Vcenter,
  'listVms' | 'listClusters' | 'listFolders' | 'listResourcePools' | 'listHosts' | 'listDatacenters'
>;

function inventoryCalls(calls: HostCalls): InventoryCalls {
  async function listed<T>(
    collection: string,
    operation: string,
    item: z.ZodType<T>,
    filters: Filters,
    splitBy: string,
    options?: CallOptions,
  ): Promise<T[]> {
    const path = [...BASE, collection];
    const call = {
      operation,
      subject: '',
      method: 'GET',
      path,
      filters,
      splitBy,
      reply: list(item),
    } as const;
    return (await calls.readEach(call, options)).flat();
  }
  return {
    listVms: ({ powerStates, ...filters }, options) =>
      listed('vm', 'vm.list', vmSummary, { ...filters, power_states: powerStates }, 'vms', options),
    listClusters: (filter, options) =>
      listed('cluster', 'cluster.list', clusterSummary, { ...filter }, 'clusters', options),
    listFolders: ({ parentFolders, type, ...filters }, options) =>
      listed(
        'folder',
        'folder.list',
        folderSummary,
        { ...filters, parent_folders: parentFolders, type: type === undefined ? undefined : [type] },
        'folders',
        options,
      ),
    listResourcePools: ({ resourcePools, parentResourcePools, ...filters }, options) =>
      listed(
        'resource-pool',
        'resourcePool.list',
        resourcePoolSummary,
        { ...filters, resource_pools: resourcePools, parent_resource_pools: parentResourcePools },
        'resource_pools',
        options,
      ),
    listHosts: (filter, options) => listed('host', 'host.list', hostSummary, { ...filter }, 'hosts', options),
    listDatacenters: (filter, options) =>
      listed('datacenter', 'datacenter.list', datacenterSummary, { ...filter }, 'datacenters', options),
  };
}

const vmTarget = (vmId: string) => ({ path: [...BASE, 'vm', vmId], subject: `VM ${vmId}` });

function vmCalls(calls: HostCalls): Pick<Vcenter, 'getVm' | 'deleteVm'> {
  return {
    getVm: (vmId, options) =>
      calls.read({ ...vmTarget(vmId), operation: 'vm.get', method: 'GET', reply: vm }, options),
    deleteVm: (vmId, options) =>
      calls.change<void>(
        { ...vmTarget(vmId), operation: 'vm.delete', method: 'DELETE', reply: null },
        options,
      ),
  };
}

function powerCalls(calls: HostCalls): Pick<Vcenter, 'getPower' | 'setPower'> {
  const powerTarget = (vmId: string) => ({ path: [...BASE, 'vm', vmId, 'power'], subject: `VM ${vmId}` });
  return {
    getPower: (vmId, options) =>
      calls.read({ ...powerTarget(vmId), operation: 'power.get', method: 'GET', reply: power }, options),
    async setPower(vmId, action, options) {
      const call = {
        ...powerTarget(vmId),
        operation: `power.${action}`,
        method: 'POST',
        filters: { action: [action] },
        reply: null,
      } as const;
      await calls.change<void>(call, options).catch(unlessAlreadySo);
    },
  };
}

function unlessAlreadySo(error: unknown): void {
  if (error instanceof VsphereError && error.errorType === 'ALREADY_IN_DESIRED_STATE') return;
  throw error;
}
