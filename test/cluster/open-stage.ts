import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { Client, Connection } from '@temporalio/client';
import { Snapflow, type CloneHandle } from '../../src/client';
import { isAlive } from '../../packages/dev-server/src/is-alive';
import { Control, type Effect } from '../rig/control';
import { eventually } from '../rig/eventually';
import { startCluster, type Cluster } from './start-cluster';

/** Short, so that the death of a worker is noticed in seconds; the proportions are those of production. */
const SHORT = { startToCloseMs: 3_000, quarantineMs: 3_000, heartbeatTimeoutMs: 2_000 };
const QUICK_MS = 300;
/** Longer than any test: such a task ends when its test says so. */
const NEVER_MS = 3_600_000;

/** The whole production form with the simulator, and a caller in this process. */
export interface Stage {
  readonly cluster: Cluster;
  readonly control: Control;
  readonly snapflow: Snapflow;
  readonly temporal: Client;
  /** A clone whose task ends only by `end`. */
  waitingClone(name: string): Promise<{ clone: CloneHandle; end: () => Promise<unknown> }>;
  clonesNamed(name: string): Promise<readonly Effect[]>;
  /** Ends everything; rejects when a process is left. */
  close(): Promise<void>;
}

export const openStage = async (): Promise<Stage> => {
  const cluster = await startCluster({ ui: true });
  try {
    return await furnish(cluster);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
};

const furnish = async (cluster: Cluster): Promise<Stage> => {
  const { run, address, namespace } = cluster;
  await run.up(['simulator']);
  const site = simulatedSite(cluster);
  configureWorkers(cluster, site);
  await run.up(['worker', 'simulator-worker']);
  const control = new Control(site.controlUrl);
  await control.settings({ cloneMs: QUICK_MS });
  const snapflow = await Snapflow.connect({ address, namespace });
  const connection = await Connection.connect({ address });
  const waitingClone = async (name: string) => {
    await control.settings({ cloneMs: NEVER_MS });
    const clone = await snapflow.clone({ vm: 'web-01', snapshot: 'latest', name }, { requestId: name });
    const taskId = await eventually('it waits for its task', async () => (await clone.describe()).taskId);
    await control.settings({ cloneMs: QUICK_MS });
    return { clone, end: () => control.task(taskId, { status: 'SUCCEEDED' }) };
  };
  return {
    cluster,
    control,
    snapflow,
    temporal: new Client({ connection, namespace }),
    waitingClone,
    clonesNamed: async (name) =>
      (await control.ledger()).filter((effect) => effect.kind === 'clone' && effect.name === name),
    close: async () => {
      const pids = Object.keys(cluster.compose.services).flatMap((name) =>
        run.processes(name).map(({ pid }) => pid),
      );
      await snapflow.close();
      await connection.close();
      await cluster.stop();
      const left = pids.filter(isAlive);
      if (left.length > 0) throw new Error(`processes are left: ${left.join(', ')}`);
    },
  };
};

type Site = Readonly<Record<'vcenterUrl' | 'applianceUrl' | 'controlUrl' | 'username' | 'password', string>>;

const simulatedSite = ({ place }: Cluster): Site =>
  JSON.parse(readFileSync(join(place.folder, 'var/lib/snapflow/simulator.json'), 'utf8')) as Site;

/** deploy/worker.yaml with the simulator's addresses, and its password in the mounted folder. */
const configureWorkers = ({ place }: Cluster, site: Site): void => {
  const file = join(place.folder, 'etc/snapflow/worker.yaml');
  const { connections } = parse(readFileSync(file, 'utf8')) as {
    connections: { default: Record<string, string> };
  };
  const { vcenterUrl, applianceUrl, username, password } = site;
  const passwordFile = `${place.folder}${connections.default['passwordFile']}`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  const mine = { ...connections.default, vcenterUrl, applianceUrl, username, passwordFile, operation: SHORT };
  writeFileSync(file, stringify({ connections: { default: mine } }));
};
