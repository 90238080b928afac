import { Context } from '@temporalio/activity';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Progress } from '../../../src/contract/progress';
import { installQuietRuntime } from '../../environment/install-quiet-runtime';

/** A worker with the scripted workflows, and the hands on its activities. */
export interface ScriptedWorker {
  /** What a pending wait heartbeats from now on; a test beats and then waits until a reader sees it. */
  beat(workflowId: string, details: Progress | string): Promise<void>;
  /** Ends the pending wait of a workflow. */
  finish(workflowId: string): Promise<void>;
  stop(): Promise<void>;
}

interface Pending {
  readonly context: Context;
  readonly finish: () => void;
}

/** A worker picks an activity up at once; more than this is a broken test. */
const PICK_UP_MS = 20_000;

export async function startScriptedWorker(
  address: string,
  taskQueue: string,
  namespace = 'default',
): Promise<ScriptedWorker> {
  const pending = new Map<string, Pending>();
  const hold = ({ workflowId }: { workflowId: string }): Promise<void> =>
    new Promise((resolve) => pending.set(workflowId, { context: Context.current(), finish: resolve }));
  // The failures are part of the tests; a reader of the output needs none of them.
  installQuietRuntime();
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowsPath: require.resolve('./scripted-workflows'),
    activities: { awaitTask: hold, prepareLinkedClone: hold },
    maxHeartbeatThrottleInterval: '100ms',
    defaultHeartbeatThrottleInterval: '100ms',
    shutdownGraceTime: 0,
    shutdownForceTime: '2s',
  });
  const running = worker.run();
  const pendingOf = async (workflowId: string): Promise<Pending> => {
    const until = Date.now() + PICK_UP_MS;
    for (;;) {
      const found = pending.get(workflowId);
      if (found !== undefined) return found;
      if (Date.now() > until) throw new Error(`${workflowId} started no activity`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    beat: async (workflowId, details) => (await pendingOf(workflowId)).context.heartbeat(details),
    finish: async (workflowId) => (await pendingOf(workflowId)).finish(),
    stop: async () => {
      for (const { finish } of pending.values()) finish();
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
