import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { isAlive } from '../../packages/dev-server/src/child-group';
import { connectCaller, type Caller } from '../environment/caller';
import { Control } from '../environment/control';
import { openAll, type Opened } from '../environment/opened';
import { SHORT, type SimulatedSite } from '../environment/processes';
import { QUICK_MS } from '../environment/waiting-clone';
import { startCluster, type Cluster } from './start-cluster';

/** The whole production form with the simulator, and a caller in this process. */
export interface ClusterEnvironment extends Omit<Caller, 'close'> {
  readonly cluster: Cluster;
  readonly control: Control;
  /** Ends everything; rejects when a process is left. */
  readonly close: () => Promise<void>;
}

export const openClusterEnvironment = (): Promise<ClusterEnvironment> => openAll(open);

async function open(opened: Opened): Promise<ClusterEnvironment> {
  const cluster = await opened.keep(startCluster({ ui: true }), stopped);
  await cluster.run.up(['simulator']);
  const site = simulatedSite(cluster);
  configureWorkers(cluster, site);
  await cluster.run.up(['worker', 'simulator-worker']);
  const control = new Control(site.controlUrl);
  await control.settings({ cloneMs: QUICK_MS });
  const { snapflow, temporal } = await opened.keep(connectCaller(cluster), (each) => each.close());
  return { cluster, control, snapflow, temporal, close: () => opened.close() };
}

async function stopped(cluster: Cluster): Promise<void> {
  const { compose, run } = cluster;
  const pids = Object.keys(compose.services).flatMap((name) => run.processes(name).map(({ pid }) => pid));
  await cluster.stop();
  const left = pids.filter(isAlive);
  if (left.length > 0) throw new Error(`Processes are left: ${left.join(', ')}.`);
}

const simulatedSite = ({ place }: Cluster): SimulatedSite =>
  JSON.parse(readFileSync(join(place.folder, 'var/lib/snapflow/simulator.json'), 'utf8')) as SimulatedSite;

/** deploy/worker.yaml with the simulator's addresses, and its password in the mounted folder. */
function configureWorkers({ place }: Cluster, site: SimulatedSite): void {
  const file = join(place.folder, 'etc/snapflow/worker.yaml');
  const { connections } = parse(readFileSync(file, 'utf8')) as {
    connections: { default: Record<string, string> };
  };
  const { vcenterUrl, applianceUrl, username, password } = site;
  const passwordFile = `${place.folder}${connections.default['passwordFile']}`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  const mine = { ...connections.default, vcenterUrl, applianceUrl, username, passwordFile, operation: SHORT };
  writeFileSync(file, stringify({ connections: { default: mine } }));
}
