import type { CallOptions, ChangeOptions } from './call-options';

export const POWER_STATES = ['POWERED_OFF', 'POWERED_ON', 'SUSPENDED'] as const;
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

/** Filters take ids or names, exact. Between the filters AND, within one OR; an empty list is refused. */
export interface VmFilter {
  vms?: readonly string[];
  names?: readonly string[];
  folders?: readonly string[];
  clusters?: readonly string[];
  datacenters?: readonly string[];
  powerStates?: readonly PowerState[];
}

export interface ClusterFilter {
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
}

export interface HostFilter {
  hosts?: readonly string[];
  names?: readonly string[];
  clusters?: readonly string[];
}

export interface DatacenterFilter {
  datacenters?: readonly string[];
  names?: readonly string[];
  folders?: readonly string[];
}

/** vCenter REST, `/api/vcenter`. Every call rejects with a `VsphereError`. */
export interface Vcenter {
  /** More than 4000 matches are an error: look up by name or id. */
  listVms(filter: VmFilter, options?: CallOptions): Promise<VmSummary[]>;
  getVm(vmId: string, options?: CallOptions): Promise<{ name: string; powerState: PowerState }>;
  /** Deletes the VM and its disks; it must be powered off. */
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
