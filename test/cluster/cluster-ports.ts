import { freeLowPort } from './free-low-port';

/** What each container has for itself, side by side on this machine. */
const NAMES = [
  'postgresql',
  'frontend',
  'frontendHttp',
  'frontendMembership',
  'matching',
  'matchingMembership',
  'history',
  'historyMembership',
  'internalWorker',
  'internalWorkerMembership',
  'ui',
  'vcenter',
  'appliance',
  'worker1',
  'worker2',
  'simulatorWorker',
] as const;

export type ClusterPorts = Readonly<Record<(typeof NAMES)[number], number>>;

export async function clusterPorts(): Promise<ClusterPorts> {
  const taken: number[] = [];
  for (const _ of NAMES) taken.push(await freeLowPort(taken));
  return Object.fromEntries(NAMES.map((name, index) => [name, taken[index]])) as ClusterPorts;
}
