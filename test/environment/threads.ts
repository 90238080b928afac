import { randomUUID } from 'node:crypto';
import { NativeConnection, type LogEntry, type Worker } from '@temporalio/worker';
import { omitUndefined } from '../../src/contract/omit-undefined';
import { DEFAULT_LIMITS, type ConnectionLimits } from '../../src/worker/config-types';
import type { AllowList } from '../../src/contract/activities';
import { DEFAULT_SETTINGS, type OperationSettings } from '../../src/contract/operations';
import { type RunningSimulator, startSimulator } from '../../packages/simulator/src/start-simulator';
import type { VsphereSettings } from '../../src/vsphere';
import { createWorkers, closeConnections, openConnections } from '../../src/worker/create-workers';
import { testServerAddress } from './addresses';
import { connectCaller } from './caller';
import { Control } from './control';
import { installQuietRuntime } from './install-quiet-runtime';
import type { Environment } from './open-environment';
import { openAll, type Opened } from './opened';
import { otherUser, sibling, type OtherUser } from './other-user';
import { replayAll, workflowBundle } from './workflow-bundle';

/** Short, so that a test takes seconds; the proportions are those of production. */
const SHORT: OperationSettings = {
  ...DEFAULT_SETTINGS,
  startToCloseMs: 3_000,
  quarantineMs: 1_000,
  lateCallMs: 1_000,
  heartbeatTimeoutMs: 2_000,
};

type Trust = Pick<VsphereSettings, 'ca' | 'thumbprint' | 'tlsVerify'>;

/** What differs from the first connection. */
export interface AlsoConnected extends Partial<Omit<VsphereSettings, 'name'>> {
  readonly allow?: AllowList;
}

export interface ThreadOptions {
  /** `host:port` of a Temporal server; default: the one that all tests share. */
  readonly address?: string;
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
  /** Another environment, whose task queue and connection name these workers have, too. */
  readonly sharing?: Pick<Environment, 'taskQueue' | 'connection'>;
  /** Told what worker, SDK and core log at every level; needs a process of its own, as a test file is. */
  readonly onLog?: (entry: LogEntry) => void;
  /** Further connections of the same worker, each like the first but for what is given; named `<connection>-<key>`. */
  readonly alsoConnected?: (simulator: RunningSimulator) => Readonly<Record<string, AlsoConnected>>;
}

/** Simulator and workers in this process. */
export interface ThreadEnvironment extends Environment {
  /** Logs another user in, who leaves with the environment. */
  readonly otherUser: () => Promise<OtherUser>;
  /** Another program that has the worker's own account. */
  readonly sibling: () => Promise<OtherUser>;
  /** Distinguishes ids and locks of tests that share one server. */
  readonly unique: string;
  readonly stopWorkers: () => Promise<void>;
  /** `as`: another name under which these workers know the first connection, so that they lack it. */
  readonly startWorkers: (as?: string) => Promise<void>;
}

export const openThreads = (options: ThreadOptions): Promise<ThreadEnvironment> =>
  openAll((opened) => openAllThreads(options, opened));

async function openAllThreads(options: ThreadOptions, opened: Opened): Promise<ThreadEnvironment> {
  installQuietRuntime(options.onLog);
  const unique = randomUUID().slice(0, 8);
  const { connection, taskQueue } = options.sharing ?? {
    connection: `test-${unique}`,
    taskQueue: `threads-${unique}`,
  };
  const { address = testServerAddress() } = options;
  const simulator = await opened.keep(
    startSimulator({ cloneMs: 300, revertMs: 300, ...options.simulator }),
    (each) => each.stop(),
  );
  const native = await opened.keep(NativeConnection.connect({ address }), (each) => each.close());
  const caller = await opened.keep(connectCaller({ address }, taskQueue), (each) => each.close());
  const bundle = await opened.keep(workflowBundle(), (workflows) =>
    replayAll(caller.temporal, taskQueue, workflows),
  );
  const control = new Control(simulator.controlUrl);
  let other: Promise<OtherUser> | undefined;
  const open = await connectionsOf(options, connection, simulator);
  const workers = workersOn({
    native,
    taskQueue,
    bundle,
    open,
    maxCachedWorkflows: options.maxCachedWorkflows,
  });
  await opened.keep(workers.start(), workers.stop);
  return {
    snapflow: caller.snapflow,
    temporal: caller.temporal,
    control,
    sibling: () => opened.keep(Promise.resolve(sibling(simulator)), (each) => each.leave()),
    otherUser: () => (other ??= opened.keep(otherUser(simulator, control), (each) => each.leave())),
    taskQueue,
    unique,
    connection,
    startWorkers: workers.start,
    stopWorkers: workers.stop,
    close: () => opened.close(),
  };
}

/** Opens the workers' connections; `as`: the name of the first one. */
async function connectionsOf(options: ThreadOptions, connection: string, simulator: RunningSimulator) {
  const isLimited = options.limited === true;
  const vsphere = {
    name: connection,
    vcenterUrl: simulator.vcenterUrl,
    applianceUrl: simulator.applianceUrl,
    username: isLimited ? simulator.limitedUsername : simulator.username,
    password: options.password ?? (isLimited ? simulator.limitedPassword : simulator.password),
    ...(await options.trust?.(simulator)),
  };
  const allow = options.allow ?? {};
  const others = Object.entries(options.alsoConnected?.(simulator) ?? {}).map(
    ([key, { allow: own = allow, ...change }]) => ({
      vsphere: { ...vsphere, ...change, name: `${connection}-${key}` },
      allow: own,
    }),
  );
  return (as = connection) =>
    openConnections(
      [{ vsphere: { ...vsphere, name: as }, allow }, ...others].map((site) => ({
        ...site,
        operation: { ...SHORT, ...options.operation },
        limits: { ...DEFAULT_LIMITS, ...options.limits },
      })),
    );
}

interface WorkersOptions {
  readonly native: NativeConnection;
  readonly taskQueue: string;
  readonly bundle: { readonly code: string };
  readonly open: Awaited<ReturnType<typeof connectionsOf>>;
  readonly maxCachedWorkflows: number | undefined;
}

function workersOn({ native, taskQueue, bundle, open, maxCachedWorkflows }: WorkersOptions) {
  let connections: ReturnType<typeof open> | undefined;
  let workers: readonly Worker[] = [];
  let runs: Promise<unknown> = Promise.resolve();
  return {
    start: async (as?: string): Promise<void> => {
      connections = open(as);
      workers = await createWorkers({
        connection: native,
        namespace: 'default',
        taskQueue,
        connections,
        workflows: { workflowBundle: bundle },
        ...omitUndefined({ maxCachedWorkflows }),
      });
      runs = Promise.all(workers.map((worker) => worker.run()));
    },
    stop: async (): Promise<void> => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await runs;
      workers = [];
      if (connections !== undefined) await closeConnections(connections);
      connections = undefined;
    },
  };
}
