import { GRPC, grpcError } from '../grpc-error';
import { sleep } from '../sleep';
import { temporalCall } from '../temporal-call';
import type { TemporalLink } from '../temporal-link';

/** A server re-reads a namespace's attributes every few seconds; a minute of it means that something else is wrong. */
const LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 500;

/**
 * Waits until the server takes the attributes in a query, which is when it takes them at a start, too.
 * @returns false when it does not within a minute
 */
export const untilUsable = async (
  link: TemporalLink,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<boolean> => {
  const query = names.map((name) => `${name} = "snapflow-setup"`).join(' AND ');
  const giveUpAt = performance.now() + LIMIT_MS;
  for (;;) {
    try {
      await temporalCall(link, () => link.client.workflow.count(query), signal);
      return true;
    } catch (error) {
      if (grpcError(error)?.code !== GRPC.INVALID_ARGUMENT) throw error;
      if (performance.now() >= giveUpAt) return false;
      await sleep(LOOK_EVERY_MS, signal);
    }
  }
};
