import type {
  InspectInput,
  InspectResult,
  PlanQuery,
  PlanResult,
  RevertPlanResult,
  SnapshotsQuery,
  SnapshotsResult,
} from '../contract/inspect';
import { ANY_NONCE, ownName } from '../contract/own-names';
import { omitUndefined } from '../contract/omit-undefined';
import { DEFAULT_CONNECTION, type LinkedCloneRequest, type RevertRequest } from '../contract/operations';
import { parseInspectInput } from '../request/schemas';
import type { CallOptions } from '../vsphere';
import { parsedOrRefused } from './checks';
import { connectionOf, type Connection, type Connections } from './connection';
import { checking, reading } from './context';
import { checkConnections } from './doctor';
import { refuseTakenName } from './linked-clone';
import { planLinkedClone } from './plan-clone';
import { vmsNamed } from './look';
import { resolveCluster, resolveVm } from './resolve-names';
import { latestIn, newestFirst, whyUnusable } from './resolve-snapshot';
import { planRevert } from './revert';

export async function inspect(
  connections: Connections,
  input: InspectInput,
): Promise<InspectResult | undefined> {
  const { query } = parsedOrRefused(parseInspectInput, input);
  switch (query.kind) {
    case 'snapshots': {
      const connection = connectionOf(connections, query.connection ?? DEFAULT_CONNECTION);
      return checking(connection, (options) => snapshots(connection, query, options));
    }
    case 'plan': {
      const connection = connectionOf(connections, query.request.connection ?? DEFAULT_CONNECTION);
      return checking(connection, (options) => plan(connection, query, options));
    }
    case 'doctor':
      return reading('before-start', (options) => doctor(connections, options));
  }
}

const doctor = async (connections: Connections, options: CallOptions): Promise<InspectResult> => ({
  kind: 'doctor',
  checks: await checkConnections([...connections.values()], options),
});

async function snapshots(
  connection: Connection,
  { vm: reference, cluster: among }: SnapshotsQuery,
  options: CallOptions,
): Promise<SnapshotsResult> {
  const vm = await resolveVm(connection, reference, options);
  const { clusterId } = await resolveCluster(connection, among, vm, options);
  const { items } = await connection.vsphere.appliance.listSnapshots(clusterId, vm.id, options);
  const sorted = newestFirst(items);
  const latest = latestIn(sorted);
  return {
    kind: 'snapshots',
    vmId: vm.id,
    vmName: vm.name,
    clusterId,
    snapshots: sorted.map((snapshot) => {
      const { snapshotId, name, snapshotType = 'UNKNOWN', createdAt, expiresAt } = snapshot;
      const unusable = whyUnusable(snapshot);
      return {
        snapshotId,
        name,
        type: snapshotType,
        ...omitUndefined({ createdAt, expiresAt, unusable }),
        ...(snapshot === latest ? { latest: true } : {}),
      };
    }),
  };
}

function plan(connection: Connection, query: PlanQuery, options: CallOptions): Promise<InspectResult> {
  switch (query.operation) {
    case 'clone':
      return clonePlan(connection, query.request, options);
    case 'revert':
      return revertPlan(connection, query.request, options);
  }
}

async function clonePlan(
  connection: Connection,
  request: LinkedCloneRequest,
  options: CallOptions,
): Promise<PlanResult> {
  const isOwn = request.uniqueName === true;
  const name = isOwn ? ownName(request.name, ANY_NONCE) : request.name;
  const {
    placement: _,
    connection: __,
    ...planned
  } = await planLinkedClone(connection, { ...request, name }, options);
  if (!isOwn) refuseTakenName(planned, await vmsNamed(connection, planned, options));
  return { kind: 'plan', ...planned };
}

async function revertPlan(
  connection: Connection,
  request: RevertRequest,
  options: CallOptions,
): Promise<RevertPlanResult> {
  const { connection: _, ...planned } = await planRevert(connection, request, options);
  return { kind: 'plan', ...planned };
}
