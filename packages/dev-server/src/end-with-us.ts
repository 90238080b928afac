const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `end` when this process exits, throws or is signalled, so that a child never outlives it (only SIGKILL gets past).
 * `end` must be synchronous. A signal that nobody else handles keeps its meaning: it is raised again after `end`.
 *
 * @returns takes the hooks away again.
 */
export function endWithUs(end: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    // Somebody else stops this process in an orderly way and may need the child until then; 'exit' catches the rest.
    if (process.listenerCount(signal) > hooksOn(signal)) return;
    end();
    detach();
    if (hooksOn(signal) === 0) process.kill(process.pid, signal);
  };
  const detach = (): void => {
    process.off('exit', end);
    for (const signal of SIGNALS) {
      if (process.listeners(signal).includes(onSignal)) {
        process.off(signal, onSignal);
        ours.set(signal, hooksOn(signal) - 1);
      }
    }
  };
  process.on('exit', end);
  for (const signal of SIGNALS) {
    process.on(signal, onSignal);
    ours.set(signal, hooksOn(signal) + 1);
  }
  return detach;
}

/** How many of a signal's listeners are of this file: the others belong to somebody who handles the signal. */
const ours = new Map<NodeJS.Signals, number>();
const hooksOn = (signal: NodeJS.Signals): number => ours.get(signal) ?? 0;
