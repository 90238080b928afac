import type { PreparedLinkedClone } from '../contract/activities';
import { omitUndefined } from '../contract/omit-undefined';
import { DEFAULT_CONNECTION, type LinkedCloneRequest } from '../contract/operations';
import type { CallOptions, Entity } from '../vsphere';
import { assertAllowed, checkPrivileges, type NeededPrivilege } from './checks';
import type { Connection } from './connection';
import { resolveMachine } from './resolve-names';
import { resolvePlacement } from './resolve-placement';
import { resolveSnapshot } from './resolve-snapshot';
import { SharedReads } from './shared-reads';

/** What a clone needs, as the official description lists it per operation. What is not documented is marked as a doubt. */
export function clonePrivileges(
  request: Pick<LinkedCloneRequest, 'powerOn'>,
  ids: {
    readonly clusterId: string;
    readonly vmId: string;
    readonly folderId: string;
    readonly poolId?: string;
  },
): readonly NeededPrivilege[] {
  const folder: Entity = { type: 'Folder', id: ids.folderId };
  return [
    need('Host.Config.Storage', { type: 'ClusterComputeResource', id: ids.clusterId }, 'the cluster'),
    need(
      'VirtualMachine.Provisioning.Clone',
      { type: 'VirtualMachine', id: ids.vmId },
      'the virtual machine',
    ),
    need('VirtualMachine.Inventory.CreateFromExisting', folder, 'the folder'),
    ...(ids.poolId === undefined
      ? []
      : [need('Resource.AssignVMToPool', { type: 'ResourcePool', id: ids.poolId }, 'the resource pool')]),
    ...(request.powerOn === true ? [need('VirtualMachine.Interact.PowerOn', folder, 'the folder')] : []),
    {
      ...need('VirtualMachine.Inventory.Delete', folder, 'the folder'),
      doubt: 'a clone that has to be undone could not be deleted',
    },
  ];
}

const need = (privilege: string, entity: Entity, called: string): NeededPrivilege => ({
  privilege,
  entity,
  called,
});

/** A request with every name resolved and every check passed. */
export type PlannedClone = Omit<
  PreparedLinkedClone,
  'user' | 'baseline' | 'settings' | 'settleMs' | 'openTasks' | Named
> &
  Required<Pick<PreparedLinkedClone, Named>>;

/** What older runs have not recorded. */
type Named = 'snapshotCreatedAt' | 'clusterName' | 'folderName';

/** Reads something under a key, for this request or for several alike. */
type Read = <T>(what: string, options: CallOptions, read: (own: CallOptions) => Promise<T>) => Promise<T>;

const readAlone: Read = (_, options, read) => read(options);

/** Of each connection, for as long as it is held. */
const SHARED = new WeakMap<Connection, SharedReads>();

/**
 * Reads once what clones of one source, which differ in their names, ask for together. Only of one site: ids mean nothing on
 * another (E15).
 */
export function readAlike(
  connection: Connection,
  siteId: string | undefined,
  request: LinkedCloneRequest,
): Read {
  if (siteId === undefined) return readAlone;
  const { name: _, ...alike } = request;
  const shared = SHARED.get(connection) ?? new SharedReads();
  SHARED.set(connection, shared);
  const of = JSON.stringify([siteId, alike]);
  return (what, options, read) => shared.read(`${what} ${of}`, options, read);
}

/** Resolves and checks all but whether the name, as the machine is to have it, is free. Reads only. Fails with the first kind of problem, with all problems of that kind. */
export async function planLinkedClone(
  connection: Connection,
  request: LinkedCloneRequest,
  options: CallOptions,
  read = readAlone,
): Promise<PlannedClone> {
  const { vm, cluster } = await read('machine', options, (own) => resolveMachine(connection, request, own));
  const { clusterId } = cluster;
  const of = { clusterId, vmId: vm.id, vmName: vm.name };
  // The newest snapshot may be one that this request's own caller has just taken.
  const readSnapshot = request.snapshot === 'latest' ? readAlone : read;
  const snapshot = await readSnapshot('snapshot', options, (own) =>
    resolveSnapshot(connection, of, request.snapshot, own),
  );
  const { folderId, folderName, placement } = await read('placement', options, (own) =>
    resolvePlacement(connection, cluster, request, own),
  );
  await assertAllowed(connection, { cluster, source: vm, clone: { name: request.name, folderId } }, options);
  const poolId = placement.resource_pool;
  const ids = { clusterId, vmId: vm.id, folderId, ...omitUndefined({ poolId }) };
  const warnings = await read('privileges', options, (own) =>
    checkPrivileges(connection, clonePrivileges(request, ids), own),
  );
  return {
    connection: request.connection ?? DEFAULT_CONNECTION,
    clusterId,
    clusterName: cluster.name,
    vmId: vm.id,
    vmName: vm.name,
    snapshotId: snapshot.snapshotId,
    snapshotName: snapshot.name,
    snapshotCreatedAt: snapshot.createdAt,
    name: request.name,
    folderId,
    folderName,
    placement,
    warnings,
  };
}
