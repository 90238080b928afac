import { Snapflow } from '../src/client';
import type { Narrator } from './narrator';
import { runUrl } from './run-url';
import { startSimulator } from './simulated-vsphere';
import type { Stage } from './stage';
import { openTemporal, type Temporal } from './temporal';
import { openWorkers } from './workers';
import { LIMITED_CONNECTION, OPERATION, writeWorkerConfig } from './worker-config-file';

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

export interface OpenStage {
  readonly stage: Stage;
  readonly temporal: Temporal;
  /** Where the demo's workers listen. */
  readonly taskQueue: string;
}

/** Starts Temporal, simulator and worker, each as a process of its own, and connects as any caller would. */
export async function openStage(options: OpenOptions): Promise<OpenStage> {
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
    stage: { narrator, snapflow, simulator, workers, named, showRun, signal, told: [] },
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
  ({ uiUrl, namespace, address }: Temporal, narrator: Narrator): Stage['showRun'] =>
  (run) =>
    narrator.detail(
      uiUrl === undefined
        ? `run ${run.workflowId} on ${address}, namespace ${namespace}`
        : `UI: ${runUrl(uiUrl, namespace, run)}`,
    );
