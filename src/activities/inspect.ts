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
import { siteOf, type Site, type Sites } from './connection';
import { reading } from './context';
import { checkConnections } from './doctor';
import { planLinkedClone, refuseTakenName } from './linked-clone';
import { vmsNamed } from './look';
import { resolveCluster, resolveVm } from './resolve-names';
import { newestFirst, whyUnusable } from './resolve-snapshot';
import { planRevert } from './revert';

export const inspect = (sites: Sites, input: InspectInput): Promise<InspectResult> =>
  reading<InspectResult>('before-start', (options) => {
    const { query } = parsedOrRefused(parseInspectInput, input);
    switch (query.kind) {
      case 'snapshots':
        return snapshots(siteOf(sites, query.connection ?? DEFAULT_CONNECTION), query, options);
      case 'plan':
        return plan(sites, query, options);
      case 'doctor':
        return doctor(sites, options);
    }
  });

const doctor = async (sites: Sites, options: CallOptions): Promise<InspectResult> => ({
  kind: 'doctor',
  checks: await checkConnections([...sites.values()], options),
});

async function snapshots(
  site: Site,
  { vm: reference, cluster: among }: SnapshotsQuery,
  options: CallOptions,
): Promise<SnapshotsResult> {
  const vm = await resolveVm(site, reference, options);
  const { clusterId } = await resolveCluster(site, among, vm, options);
  const { items } = await site.vsphere.appliance.listSnapshots(clusterId, vm.id, options);
  return {
    kind: 'snapshots',
    vmId: vm.id,
    vmName: vm.name,
    clusterId,
    snapshots: newestFirst(items).map((snapshot) => {
      const { snapshotId, name, snapshotType = 'UNKNOWN', createdAt, expiresAt } = snapshot;
      const unusable = whyUnusable(snapshot);
      return {
        snapshotId,
        name,
        type: snapshotType,
        ...omitUndefined({ createdAt, expiresAt, unusable }),
      };
    }),
  };
}

function plan(sites: Sites, query: PlanQuery, options: CallOptions): Promise<InspectResult> {
  switch (query.operation) {
    case 'clone':
      return clonePlan(sites, query.request, options);
    case 'revert':
      return revertPlan(sites, query.request, options);
  }
}

async function clonePlan(
  sites: Sites,
  request: LinkedCloneRequest,
  options: CallOptions,
): Promise<PlanResult> {
  const site = siteOf(sites, request.connection ?? DEFAULT_CONNECTION);
  const isOwn = request.uniqueName === true;
  const name = isOwn ? ownName(request.name, ANY_NONCE) : request.name;
  const {
    placement: _,
    connection: __,
    ...planned
  } = await planLinkedClone(site, { ...request, name }, options);
  if (!isOwn) refuseTakenName(planned, await vmsNamed(site, planned, options));
  return { kind: 'plan', ...planned };
}

async function revertPlan(
  sites: Sites,
  request: RevertRequest,
  options: CallOptions,
): Promise<RevertPlanResult> {
  const site = siteOf(sites, request.connection ?? DEFAULT_CONNECTION);
  const { connection: _, ...planned } = await planRevert(site, request, options);
  return { kind: 'plan', ...planned };
}
