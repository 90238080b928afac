import { setTimeout as sleep } from 'node:timers/promises';
import type { RoundEnvironment } from './round-environment';

const EVERY_MS = 700;

/** Writes down how each request stands, as a caller in the same program would see it, until it is stopped. */
export function samples(round: RoundEnvironment): { readonly stop: () => Promise<void> } {
  const left = new AbortController();
  const accepted = new Set<string>();
  const sample = async (requestId: string): Promise<void> => {
    const operation = await round.snapflow.operation(requestId, { connection: round.connection });
    const { status } = await operation.overview();
    const { runId, workflowId, phase, percent, state, condition } = status;
    if (!accepted.has(requestId)) round.evidence.journal('accepted', { requestId, workflowId, runId });
    accepted.add(requestId);
    round.evidence.progress({ requestId, runId, phase, percent, state, condition });
  };
  const loop = async (): Promise<void> => {
    while (!left.signal.aborted) {
      // Not there yet, or the server is down: the next sample may be luckier.
      for (const { requestId } of round.plan.requests) await sample(requestId).catch(() => undefined);
      await sleep(EVERY_MS, undefined, { signal: left.signal }).catch(() => undefined);
    }
    for (const { requestId } of round.plan.requests) await sample(requestId).catch(() => undefined);
  };
  const running = loop();
  return {
    stop: () => {
      left.abort();
      return running;
    },
  };
}
