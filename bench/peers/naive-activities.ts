import type { ApplianceSession } from './appliance-session';

interface Source {
  readonly cluster: string;
  readonly vm: string;
  readonly snapshot: string;
}

export interface NaiveActivities {
  nothing(): Promise<void>;
  check(vm: string): Promise<Source>;
  start(source: Source, name: string): Promise<string>;
  status(taskId: string): Promise<{ state: string; vmId: string }>;
  verify(vmId: string): Promise<void>;
}

const snapshotsOf = (cluster: string, vm: string) =>
  `/api/snapservice/clusters/${cluster}/virtual-machines/${vm}`;

/** Four calls in all before the wait, where ours makes fifteen; nothing is checked that could fail later. */
export const naiveActivities = (appliance: ApplianceSession, vcenter: ApplianceSession): NaiveActivities => ({
  nothing: () => Promise.resolve(),
  check: async (name) => {
    const [vm] = (await vcenter.get(`/api/vcenter/vm?names=${name}`)) as readonly { vm: string }[];
    const [first] = (await vcenter.get('/api/vcenter/cluster')) as readonly { cluster: string }[];
    const source = { cluster: first!.cluster, vm: vm!.vm };
    const { items } = (await appliance.get(`${snapshotsOf(source.cluster, source.vm)}/snapshots`)) as {
      items: readonly { snapshot: string }[];
    };
    return { ...source, snapshot: items[0]!.snapshot };
  },
  start: async ({ cluster, vm, snapshot }, name) =>
    (await appliance.post(`${snapshotsOf(cluster, vm)}?action=linked-clone&vmw-task=true`, {
      snapshot,
      name,
    })) as string,
  status: async (taskId) => {
    const info = (await appliance.get(`/api/snapservice/tasks/${encodeURIComponent(taskId)}`)) as {
      status: string;
      result?: unknown;
    };
    return { state: info.status, vmId: typeof info.result === 'string' ? info.result : '' };
  },
  verify: async (vmId) => {
    await vcenter.get(`/api/vcenter/vm/${vmId}`);
  },
});
