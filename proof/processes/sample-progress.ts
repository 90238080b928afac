import { setTimeout as sleep } from 'node:timers/promises';
import type { Scene } from './scene';

const EVERY_MS = 700;

/** Writes down how each request stands, as a caller in the same program would see it, until it is stopped. */
export function samples(scene: Scene): { readonly stop: () => Promise<void> } {
  const left = new AbortController();
  const accepted = new Set<string>();
  const sample = async (requestId: string): Promise<void> => {
    const operation = await scene.snapflow().operation(requestId, { connection: scene.connection });
    const { status } = await operation.overview();
    const { runId, workflowId, phase, percent, state, condition } = status;
    if (!accepted.has(requestId)) scene.evidence.journal('accepted', { requestId, workflowId, runId });
    accepted.add(requestId);
    scene.evidence.progress({ requestId, runId, phase, percent, state, condition });
  };
  const loop = async (): Promise<void> => {
    while (!left.signal.aborted) {
      // Not there yet, or the server is down: the next sample may be luckier.
      for (const { requestId } of scene.plan.requests) await sample(requestId).catch(() => undefined);
      await sleep(EVERY_MS, undefined, { signal: left.signal }).catch(() => undefined);
    }
    for (const { requestId } of scene.plan.requests) await sample(requestId).catch(() => undefined);
  };
  const running = loop();
  return {
    stop: () => {
      left.abort();
      return running;
    },
  };
}
