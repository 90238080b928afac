import { setTimeout as delay } from 'node:timers/promises';

/** Resolves when the condition holds; rejects after `limitMs`. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, limitMs = 10_000) {
  const giveUpAt = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${limitMs} ms: ${what}`);
    await delay(20);
  }
}
