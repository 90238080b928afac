import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Snapflow, type CloneHandle } from '../src/client';
import type { OperationSettings } from '../src/contract/operations';
import type { Narrator } from './narrator';
import { startSimulator, type Simulator, type SimulatorAddress } from './simulated-vsphere';
import { startProgram, type Program, type ProgramOptions } from './start-program';
import { openTemporal, type Temporal } from './temporal';

/** A request that the demo made, for the table at the end. */
export interface Told {
  readonly requestId: string;
  /** The requested name of the clone, or the machine that was reverted: no other request of the demo touches it. */
  readonly about: { readonly name: string } | { readonly vmId: string };
  readonly outcome: string;
  /** The kinds of the effects that it must have had, in their order. */
  readonly effects: readonly string[];
  /** The machine that it made. */
  readonly vmId?: string;
}

/** Everything a chapter needs. */
export interface DemoEnvironment {
  readonly narrator: Narrator;
  readonly snapflow: Snapflow;
  readonly simulator: Simulator;
  readonly workers: Workers;
  /** Request ids and names of this demo, different ones each time on a server that is kept. */
  readonly named: (name: string) => string;
  /** Prints where the run is in Temporal's UI. */
  readonly showRun: (run: Pick<CloneHandle, 'workflowId' | 'runId'>) => void;
  /** Aborted when the demo is interrupted, takes too long, or one of its programs ends by itself. */
  readonly signal: AbortSignal;
  /** Every request of the chapters so far. */
  readonly told: Told[];
}

/** One file each; the story is the list in `story.ts`. */
export interface Chapter {
  readonly title: string;
  readonly tell: (env: DemoEnvironment) => Promise<void>;
}

export interface OpenPart {
  readonly pid?: number | undefined;
  readonly close: () => Promise<void>;
}

export interface OpenOptions {
  readonly narrator: Narrator;
  /** An empty folder that the caller removes. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onUnexpectedEnd: (error: Error) => void;
  /** Told of each part in the order of opening, also when a later one cannot be opened; `pid` is its process, if any. */
  readonly onOpened: (part: OpenPart) => void;
}

export interface OpenDemo {
  readonly env: DemoEnvironment;
  readonly temporal: Temporal;
  /** Where the demo's workers listen. */
  readonly taskQueue: string;
}

/** Starts Temporal, simulator and worker, each as a process of its own, and connects as any caller would. */
export async function openDemo(options: OpenOptions): Promise<OpenDemo> {
  const { narrator, folder, signal, onUnexpectedEnd, onOpened } = options;
  const temporal = await openTemporal(folder, process.env);
  onOpened({ pid: temporal.pid, close: temporal.stop });
  narrator.detail(`Temporal   ${temporal.uiUrl ?? temporal.address}`);
  const simulator = await startSimulator({ env: temporal.env, signal, onUnexpectedEnd });
  onOpened({ pid: simulator.program.pid, close: simulator.program.stop });
  narrator.detail(`simulator  vCenter ${simulator.address.vcenterUrl}`);
  const tag = temporal.isOurs ? '' : `-${Date.now().toString(36)}`;
  const taskQueue = `snapflow-demo${tag}`;
  const env = {
    ...temporal.env,
    SNAPFLOW_TASK_QUEUE: taskQueue,
    SNAPFLOW_CONFIG: writeWorkerConfig(folder, simulator.address),
  };
  const workers = await openWorkers({ env, signal, onUnexpectedEnd }, (worker) => {
    onOpened({ pid: worker.pid, close: worker.stop });
    narrator.detail(`worker     process ${worker.pid}, connections default and ${LIMITED_CONNECTION}`);
  });
  const noticedAfter = `${OPERATION.heartbeatTimeoutMs / 1000} s`;
  narrator.detail(
    `settings   a dead worker is noticed after ${noticedAfter} instead of 30 s, to keep this short`,
  );
  const snapflow = await connect(temporal, taskQueue, narrator, signal);
  onOpened({ close: () => snapflow.close() });
  const named = (name: string) => `${name}${tag}`;
  const showRun = showRunOn(temporal, narrator);
  return {
    env: { narrator, snapflow, simulator, workers, named, showRun, signal, told: [] },
    temporal,
    taskQueue,
  };
}

function connect(
  { address, namespace, env }: Temporal,
  taskQueue: string,
  narrator: Narrator,
  signal: AbortSignal,
): Promise<Snapflow> {
  // The library reads Temporal's own variables, as any caller's would.
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  return Snapflow.connect({ address, namespace, taskQueue, onNotice: narrator.say, signal });
}

const showRunOn =
  ({ uiUrl, namespace, address }: Temporal, narrator: Narrator): DemoEnvironment['showRun'] =>
  (run) =>
    narrator.detail(
      uiUrl === undefined
        ? `run ${run.workflowId} on ${address}, namespace ${namespace}`
        : `UI: ${runUrl(uiUrl, namespace, run)}`,
    );

/** Where a run is in Temporal's web UI. Workflow ids hold colons, so every part is encoded. */
export const runUrl = (
  uiUrl: string,
  namespace: string,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
): string =>
  `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}/${encodeURIComponent(runId)}/history`;

/** The worker processes, one after the other. */
interface Workers {
  /** The one that was started last. */
  readonly current: () => Program;
  /** Starts another one, which takes over what the one before it left. */
  readonly start: () => Promise<Program>;
}

async function openWorkers(
  options: Pick<ProgramOptions, 'env' | 'signal' | 'onUnexpectedEnd'>,
  onStarted: (worker: Program) => void,
): Promise<Workers> {
  const start = async (): Promise<Program> => {
    const worker = await startProgram({
      ...options,
      name: 'worker',
      isReady: (line) => line.includes('worker ready'),
    });
    onStarted(worker);
    return worker;
  };
  let current = await start();
  return { current: () => current, start: async () => (current = await start()) };
}

/** Shorter than in production, so that the death of a worker is noticed while somebody watches. */
const OPERATION = {
  heartbeatTimeoutMs: 3_000,
  startToCloseMs: 5_000,
  quarantineMs: 3_000,
  lateCallMs: 3_000,
} as const satisfies Partial<OperationSettings>;

/** A connection whose account lacks the privilege to clone. */
export const LIMITED_CONNECTION = 'limited';

/** Writes the file that `SNAPFLOW_CONFIG` names (JSON is YAML); only its owner may read it, since it holds passwords. */
function writeWorkerConfig(folder: string, simulator: SimulatorAddress): string {
  const { vcenterUrl, applianceUrl, username, password, limitedUsername, limitedPassword } = simulator;
  const connection = (account: { username: string; password: string }) => ({
    vcenterUrl,
    applianceUrl,
    ...account,
    operation: OPERATION,
  });
  const connections = {
    default: connection({ username, password }),
    [LIMITED_CONNECTION]: connection({ username: limitedUsername, password: limitedPassword }),
  };
  const path = join(folder, 'snapflow.yaml');
  writeFileSync(path, JSON.stringify({ connections }, null, 2), { mode: 0o600 });
  return path;
}
