import { z } from 'zod';
import { omitUndefined } from '../contract/omit-undefined';
import type { HostCalls } from './calls';
import { VsphereError } from './errors';
import {
  id,
  ifReadable,
  items,
  text,
  whole,
  type CallOptions,
  type ChangeOptions,
  type Filters,
  type Items,
} from './replies';

const POWER_STATES = ['POWERED_OFF', 'POWERED_ON', 'SUSPENDED'] as const;
export type PowerState = (typeof POWER_STATES)[number];

/** A listed machine: what does not read of it is absent. */
export interface VmSummary {
  readonly vmId: string;
  readonly name?: string;
  readonly powerState?: PowerState;
}

/** The name of a place is its id where it does not read. */
export interface ClusterSummary {
  readonly clusterId: string;
  readonly name: string;
  readonly drsEnabled?: boolean;
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
  /**
   * More than 4000 matches are an error: look up by name or id. Here and in the lists below, fields that do not read are
   * absent. An item without a readable id makes a list that was asked for by name or id `malformed`, as it may be the
   * one that is meant.
   */
  listVms(filter: VmFilter, options?: CallOptions): Promise<readonly VmSummary[]>;
  getVm(vmId: string, options?: CallOptions): Promise<{ name: string; powerState: PowerState }>;
  /** Deletes the VM and its disks. It must be powered off. */
  deleteVm(vmId: string, options?: ChangeOptions): Promise<void>;
  getPower(vmId: string, options?: CallOptions): Promise<PowerState>;
  /** Resolves when the server accepted it, also when the VM was in that state before (ALREADY_IN_DESIRED_STATE). */
  setPower(vmId: string, action: 'start' | 'stop', options?: ChangeOptions): Promise<void>;
  /** Not asked for by id or name, clusters and folders without a readable id are left out: they are others'. */
  listClusters(filter: ClusterFilter, options?: CallOptions): Promise<readonly ClusterSummary[]>;
  listFolders(
    filter: FolderFilter,
    options?: CallOptions,
  ): Promise<readonly { folderId: string; name: string }[]>;
  listResourcePools(
    filter: ResourcePoolFilter,
    options?: CallOptions,
  ): Promise<readonly { resourcePoolId: string; name: string }[]>;
  listHosts(
    filter: HostFilter,
    options?: CallOptions,
  ): Promise<readonly { hostId: string; name: string; connectionState?: string }[]>;
  listDatacenters(
    filter: DatacenterFilter,
    options?: CallOptions,
  ): Promise<readonly { datacenterId: string; name: string }[]>;
}

const BASE = ['api', 'vcenter'] as const;
const powerState = z.enum(POWER_STATES);
const vm = z
  .object({ name: text, power_state: powerState })
  .transform(({ name, power_state }) => ({ name, powerState: power_state }));
const vmSummary = z
  .object({ vm: id, name: ifReadable(text), power_state: ifReadable(powerState) })
  .transform(({ vm, name, power_state }): VmSummary =>
    omitUndefined({ vmId: vm, name, powerState: power_state }),
  );
const power = z.object({ state: powerState }).transform(({ state }) => state);
const clusterSummary = z
  .object({ cluster: id, name: ifReadable(text), drs_enabled: ifReadable(z.boolean()) })
  .transform(({ cluster, name = cluster, drs_enabled }): ClusterSummary =>
    omitUndefined({ clusterId: cluster, name, drsEnabled: drs_enabled }),
  );
const folderSummary = z
  .object({ folder: id, name: ifReadable(text) })
  .transform(({ folder, name = folder }) => ({ folderId: folder, name }));
const resourcePoolSummary = z
  .object({ resource_pool: id, name: ifReadable(text) })
  .transform(({ resource_pool, name = resource_pool }) => ({ resourcePoolId: resource_pool, name }));
const hostSummary = z
  .object({ host: id, name: ifReadable(text), connection_state: ifReadable(text) })
  .transform(({ host, name = host, connection_state }) =>
    omitUndefined({ hostId: host, name, connectionState: connection_state }),
  );
const datacenterSummary = z
  .object({ datacenter: id, name: ifReadable(text) })
  .transform(({ datacenter, name = datacenter }) => ({ datacenterId: datacenter, name }));

export function createVcenter(calls: HostCalls): Vcenter {
  return { ...inventoryCalls(calls), ...vmCalls(calls), ...powerCalls(calls) };
}

type InventoryCalls = Pick<
  Vcenter,
  'listVms' | 'listClusters' | 'listFolders' | 'listResourcePools' | 'listHosts' | 'listDatacenters'
>;

/** One list call of the inventory, and the same where each item must have an id. */
function listCalls(calls: HostCalls) {
  const listed = <T>(
    collection: string,
    operation: string,
    item: z.ZodType<T>,
    filters: Filters,
    splitBy: string,
    options?: CallOptions,
  ) => {
    const path = [...BASE, collection];
    const reply: z.ZodType<Items<T>> = items(item);
    return calls.readList({ operation, subject: '', method: 'GET', path, filters, splitBy, reply }, options);
  };
  const listedWhole = async <T>(...call: Parameters<typeof listed<T>>) => whole(await listed(...call));
  return { listed, listedWhole };
}

function inventoryCalls(calls: HostCalls): InventoryCalls {
  const { listed, listedWhole } = listCalls(calls);
  return {
    listVms: ({ powerStates, ...filters }, options) =>
      listedWhole('vm', 'vm.list', vmSummary, { ...filters, power_states: powerStates }, 'vms', options),
    async listClusters(filter, options) {
      const found = await listed(
        'cluster',
        'cluster.list',
        clusterSummary,
        { ...filter },
        'clusters',
        options,
      );
      return isChosen(filter.clusters, filter.names) ? whole(found) : found.items;
    },
    async listFolders({ parentFolders, type, ...filters }, options) {
      const given = { parent_folders: parentFolders, type: type === undefined ? undefined : [type] };
      const all = { ...filters, ...given };
      const found = await listed('folder', 'folder.list', folderSummary, all, 'folders', options);
      return isChosen(filters.folders, filters.names) ? whole(found) : found.items;
    },
    listResourcePools({ resourcePools, parentResourcePools, ...filters }, options) {
      const ids = { resource_pools: resourcePools, parent_resource_pools: parentResourcePools };
      const all = { ...filters, ...ids };
      const pool = resourcePoolSummary;
      return listedWhole('resource-pool', 'resourcePool.list', pool, all, 'resource_pools', options);
    },
    listHosts: (filter, options) =>
      listedWhole('host', 'host.list', hostSummary, { ...filter }, 'hosts', options),
    listDatacenters: (filter, options) =>
      listedWhole('datacenter', 'datacenter.list', datacenterSummary, { ...filter }, 'datacenters', options),
  };
}

/** Whether a list was asked for by id or name. */
const isChosen = (...by: readonly (readonly string[] | undefined)[]): boolean =>
  by.some((each) => each !== undefined);

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
