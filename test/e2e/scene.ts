import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Snapflow } from '../../src/client';
import type { OperationSettings } from '../../src/contract/operations';
import type { ChildGroup } from '../../packages/dev-server/src/child-group';
import { isAlive } from '../../packages/dev-server/src/is-alive';
import { Control } from '../rig/control';
import { testServerAddress } from '../temporal-server';
import { startProgram } from '../rig/start-program';

/** Short, so that the death of a worker is noticed in seconds; the proportions are those of production. */
const SHORT: Partial<OperationSettings> = {
  startToCloseMs: 3_000,
  quarantineMs: 3_000,
  heartbeatTimeoutMs: 2_000,
};

/** A worker drains in this time, idle as the last one is. */
const DRAIN_MS = 15_000;

/** A caller in this process; simulator and workers are processes of their own, as the Temporal server is. */
export interface Scene {
  readonly control: Control;
  readonly snapflow: Snapflow;
  readonly temporal: Client;
  /** Name of the connection, and so part of every workflow id: unlike that of every other scene. */
  readonly connection: string;
  readonly worker: () => ChildGroup;
  /** SIGKILL; resolves when the process is gone. */
  readonly killWorker: () => Promise<void>;
  readonly startWorker: () => Promise<void>;
}

/**
 * Plays a case with a simulator, a worker and a task queue of its own on the shared server. At the end the last worker
 * has to drain, and no process may be left.
 */
export async function inScene(
  operation: Partial<OperationSettings>,
  play: (scene: Scene) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'snapflow-e2e-'));
  const processes: ChildGroup[] = [];
  const closing: (() => Promise<void>)[] = [];
  try {
    const scene = await openScene(folder, { ...SHORT, ...operation }, processes, closing);
    await play(scene);
    await scene.worker().stop(DRAIN_MS);
    expect(await scene.worker().ended).toEqual({ code: 0, signal: null });
  } finally {
    for (const child of processes) await child.stop(1_000);
    for (const close of closing) await close();
    await rm(folder, { recursive: true, force: true });
  }
  expect(processes.filter(({ pid }) => isAlive(pid))).toEqual([]);
}

async function openScene(
  folder: string,
  operation: Partial<OperationSettings>,
  processes: ChildGroup[],
  closing: (() => Promise<void>)[],
): Promise<Scene> {
  const unique = randomUUID().slice(0, 8);
  const connection = `crash-${unique}`;
  const address = testServerAddress();
  const simulator = await startProgram(['simulator'], /^\{.*\}\n/m);
  processes.push(simulator);
  const { controlUrl, ...site } = JSON.parse(/^\{.*\}$/m.exec(simulator.output())![0]) as Record<
    'vcenterUrl' | 'applianceUrl' | 'controlUrl' | 'username' | 'password',
    string
  >;
  const { vcenterUrl, applianceUrl, username, password } = site;
  const config = join(folder, 'snapflow.yaml');
  const connections = { [connection]: { vcenterUrl, applianceUrl, username, password, operation } };
  await writeFile(config, JSON.stringify({ connections }), { mode: 0o600 });
  const taskQueue = `crash-${unique}`;
  const env = {
    PATH: process.env['PATH'],
    TEMPORAL_ADDRESS: address,
    SNAPFLOW_CONFIG: config,
    SNAPFLOW_TASK_QUEUE: taskQueue,
  };
  let worker: ChildGroup;
  const startWorker = async () => {
    worker = await startProgram(['worker'], /worker ready/, env);
    processes.push(worker);
  };
  await startWorker();
  const snapflow = await Snapflow.connect({ address, taskQueue });
  closing.push(() => snapflow.close());
  const client = await Connection.connect({ address });
  closing.push(() => client.close());
  return {
    control: new Control(controlUrl),
    snapflow,
    temporal: new Client({ connection: client }),
    connection,
    worker: () => worker,
    killWorker: async () => {
      worker.signal('SIGKILL');
      await worker.ended;
    },
    startWorker,
  };
}
