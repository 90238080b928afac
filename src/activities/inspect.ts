import type {
  InspectInput,
  InspectResult,
  PlanResult,
  SnapshotsQuery,
  SnapshotsResult,
} from '../contract/inspect';
import { DEFAULT_CONNECTION } from '../contract/names';
import type { LinkedCloneRequest } from '../contract/request';
import { parseLinkedCloneRequest } from '../request/linked-clone-request';
import type { CallOptions } from '../vsphere';
import { reading } from './in-activity';
import { parsedOrRefused } from './parsed-or-refused';
import { planLinkedClone } from './plan-linked-clone';
import { refuseTakenName } from './prepare-linked-clone';
import { resolveCluster } from './resolve-cluster';
import { newestFirst } from './resolve-snapshot';
import { resolveVm } from './resolve-vm';
import { siteOf, type Site, type Sites } from './site';

export const inspect = (sites: Sites, { query }: InspectInput): Promise<InspectResult> =>
  reading<InspectResult>('before-start', (options) => {
    switch (query.kind) {
      case 'snapshots':
        return snapshots(siteOf(sites, query.connection ?? DEFAULT_CONNECTION), query, options);
      case 'plan':
        return plan(sites, query.request, options);
    }
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

async function plan(sites: Sites, unparsed: LinkedCloneRequest, options: CallOptions): Promise<PlanResult> {
  const request = parsedOrRefused(parseLinkedCloneRequest, unparsed);
  const {
    nameTakenBy,
    placement: _,
    connection: __,
    ...planned
  } = await planLinkedClone(siteOf(sites, request.connection ?? DEFAULT_CONNECTION), request, options);
  refuseTakenName({ ...planned, nameTakenBy });
  return { kind: 'plan', ...planned };
}
