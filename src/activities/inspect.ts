import type {
  InspectInput,
  InspectResult,
  PlanQuery,
  PlanResult,
  RevertPlanResult,
  SnapshotsQuery,
  SnapshotsResult,
} from '../contract/inspect';
import { DEFAULT_CONNECTION } from '../contract/names';
import type { LinkedCloneRequest, RevertRequest } from '../contract/request';
import { parseInspectInput } from '../request/inspect-input';
import type { CallOptions } from '../vsphere';
import { checkConnections } from './doctor/check-connections';
import { reading } from './in-activity';
import { vmsNamed } from './look';
import { parsedOrRefused } from './parsed-or-refused';
import { planLinkedClone } from './plan-linked-clone';
import { planRevert } from './plan-revert';
import { refuseTakenName } from './prepare-linked-clone';
import { resolveCluster } from './resolve-cluster';
import { newestFirst } from './resolve-snapshot';
import { resolveVm } from './resolve-vm';
import { siteOf, type Site, type Sites } from './site';

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
  const found = newestFirst(await site.vsphere.appliance.listSnapshots(clusterId, vm.id, options));
  return {
    kind: 'snapshots',
    vmId: vm.id,
    vmName: vm.name,
    clusterId,
    snapshots: found.map(({ snapshotId, name, snapshotType, createdAt, expiresAt }) => ({
      snapshotId,
      name,
      type: snapshotType,
      createdAt,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    })),
  };
}

const plan = (sites: Sites, query: PlanQuery, options: CallOptions): Promise<InspectResult> =>
  query.operation === 'revert'
    ? revertPlan(sites, query.request, options)
    : clonePlan(sites, query.request, options);

async function clonePlan(
  sites: Sites,
  request: LinkedCloneRequest,
  options: CallOptions,
): Promise<PlanResult> {
  const site = siteOf(sites, request.connection ?? DEFAULT_CONNECTION);
  const { placement: _, connection: __, ...planned } = await planLinkedClone(site, request, options);
  refuseTakenName(planned, await vmsNamed(site, planned, options));
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
