import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type LogEntry, type Worker } from '@temporalio/worker';
import { Snapflow } from '../../src/client';
import { omitUndefined } from '../../src/contract/omit-undefined';
import { DEFAULT_LIMITS, type ConnectionLimits } from '../../src/worker/config-types';
import type { AllowList } from '../../src/contract/activities';
import { DEFAULT_SETTINGS, type OperationSettings } from '../../src/contract/operations';
import type { RunningSimulator } from '../../packages/simulator/src/running-simulator';
import { startSimulator } from '../../packages/simulator/src/start-simulator';
import type { VsphereSettings } from '../../src/vsphere';
import { createWorkers, closeSites, openSites } from '../../src/worker/create-workers';
import { testServerAddress } from '../temporal-server';
import { Control } from './control';
import { installQuietRuntime } from './install-quiet-runtime';
import { otherUser, type OtherUser } from './other-user';
import { replayAll } from './replay-all';
import { workflowBundle } from './workflow-bundle';

/** Short, so that a test takes seconds; the proportions are those of production. */
const SHORT: OperationSettings = {
  ...DEFAULT_SETTINGS,
  startToCloseMs: 3_000,
  quarantineMs: 1_000,
  heartbeatTimeoutMs: 2_000,
};

type Trust = Pick<VsphereSettings, 'ca' | 'thumbprint' | 'tlsVerify'>;

/** What differs from the first connection. */
export interface AlsoConnected extends Partial<Omit<VsphereSettings, 'name'>> {
  readonly allow?: AllowList;
}

export interface RigOptions {
  readonly operation?: Partial<OperationSettings>;
  readonly simulator?: Parameters<typeof startSimulator>[0];
  /** 0: every workflow task replays the whole history. */
  readonly maxCachedWorkflows?: number;
  /** Log in with the account that lacks privileges. */
  readonly limited?: boolean;
  readonly password?: VsphereSettings['password'];
  readonly allow?: AllowList;
  readonly limits?: Partial<ConnectionLimits>;
  /** What is needed to trust a simulator with TLS. */
  readonly trust?: (simulator: RunningSimulator) => Trust | Promise<Trust>;
  /** Told what worker, SDK and core log at every level; needs a process of its own, as a test file is. */
  readonly onLog?: (entry: LogEntry) => void;
  /** Further connections of the same worker, each like the first but for what is given; named `<connection>-<key>`. */
  readonly alsoConnected?: (simulator: RunningSimulator) => Readonly<Record<string, AlsoConnected>>;
}

/** The real thing on loopback: simulator, client of vSphere, workers, Temporal server, Snapflow's library. */
export interface Rig {
  readonly snapflow: Snapflow;
  readonly temporal: Client;
  readonly control: Control;
  /** Logs somebody else in; he leaves when the rig stops. */
  readonly otherUser: () => Promise<OtherUser>;
  readonly taskQueue: string;
  /** Distinguishes ids and locks of tests that share one server. */
  readonly unique: string;
  /** The connection's name: locks and workflow ids carry it. */
  readonly connection: string;
  readonly stopWorkers: () => Promise<void>;
  /** `as`: another name under which these workers know the first connection, so that they lack it. */
  readonly startWorkers: (as?: string) => Promise<void>;
  /** Stops everything, then replays every history of the rig. */
  readonly stop: () => Promise<void>;
}

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  installQuietRuntime(options.onLog);
  const unique = randomUUID().slice(0, 8);
  const connection = `test-${unique}`;
  const taskQueue = `rig-${unique}`;
  const address = testServerAddress();
  const simulator = await startSimulator({ cloneMs: 300, revertMs: 300, ...options.simulator });
  const client = await Connection.connect({ address });
  const temporal = new Client({ connection: client });
  const native = await NativeConnection.connect({ address });
  const snapflow = await Snapflow.connect({ address, taskQueue });
  const bundle = await workflowBundle();
  const vsphere = {
    name: connection,
    vcenterUrl: simulator.vcenterUrl,
    applianceUrl: simulator.applianceUrl,
    username: options.limited === true ? simulator.limitedUsername : simulator.username,
    password: options.password ?? (options.limited === true ? simulator.limitedPassword : simulator.password),
    ...(await options.trust?.(simulator)),
  };
  const allow = options.allow ?? {};
  const others = Object.entries(options.alsoConnected?.(simulator) ?? {}).map(
    ([key, { allow: own = allow, ...change }]) => ({
      vsphere: { ...vsphere, ...change, name: `${connection}-${key}` },
      allow: own,
    }),
  );
  const openAll = (as = connection) =>
    openSites(
      [{ vsphere: { ...vsphere, name: as }, allow }, ...others].map((site) => ({
        ...site,
        operation: { ...SHORT, ...options.operation },
        limits: { ...DEFAULT_LIMITS, ...options.limits },
      })),
    );
  let sites = openAll();
  let workers: readonly Worker[] = [];
  let runs: Promise<unknown> = Promise.resolve();
  const startWorkers = async (as?: string) => {
    sites = openAll(as);
    workers = await createWorkers({
      connection: native,
      namespace: 'default',
      taskQueue,
      sites,
      workflows: { workflowBundle: bundle },
      ...omitUndefined({ maxCachedWorkflows: options.maxCachedWorkflows }),
    });
    runs = Promise.all(workers.map((worker) => worker.run()));
  };
  const stopWorkers = async () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await runs;
    workers = [];
    await closeSites(sites);
  };
  await startWorkers();
  const control = new Control(simulator.controlUrl);
  let other: Promise<OtherUser> | undefined;
  return {
    snapflow,
    temporal,
    control,
    otherUser: () => (other ??= otherUser(simulator, control)),
    taskQueue,
    unique,
    connection,
    startWorkers,
    stopWorkers,
    stop: async () => {
      await stopWorkers();
      await (await other)?.leave();
      await replayAll(temporal, taskQueue, bundle);
      await snapflow.close();
      await client.close();
      await native.close();
      await simulator.stop();
    },
  };
}
