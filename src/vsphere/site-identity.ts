import type { Clock } from './wire/limits';

/** For so long an identity is not read again: a vCenter is not rebuilt within a minute. */
const FRESH_MS = 60_000;

/**
 * Which site a connection leads to, by vCenter's `instanceUuid`. Many callers share one read. While vCenter does not answer,
 * what it said last counts. Undefined where it does not say. Rejects where it never answered.
 */
export function siteIdentity(
  read: () => Promise<string | undefined>,
  clock: Pick<Clock, 'monotonicMs'>,
): () => Promise<string | undefined> {
  let known: { readonly id: string | undefined; readonly atMs: number } | undefined;
  let reading: Promise<string | undefined> | undefined;
  const readAnew = async (): Promise<string | undefined> => {
    const atMs = clock.monotonicMs();
    try {
      known = { id: await read(), atMs };
    } catch (error) {
      if (known === undefined) throw error;
    }
    return known.id;
  };
  return async () => {
    if (known !== undefined && clock.monotonicMs() - known.atMs < FRESH_MS) return known.id;
    reading ??= readAnew().finally(() => (reading = undefined));
    return reading;
  };
}
