import { explainServiceError } from './explain-service-error';
import type { TemporalLink } from './temporal-link';

/** A server that does not answer a short call for this long is unavailable. The SDK repeats within it. */
const CALL_DEADLINE_MS = 20_000;

/**
 * One short call to the Temporal server: bounded, abortable, and with service errors that say what to do.
 * @throws TemporalUnavailable, or the signal's reason
 */
export const temporalCall = async <Answer>(
  link: TemporalLink,
  act: () => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> => {
  const { connection } = link.client;
  return abortable(link, () => connection.withDeadline(Date.now() + CALL_DEADLINE_MS, act), signal);
};

/** A call without a time limit of its own: a long poll. */
export const abortable = async <Answer>(
  link: TemporalLink,
  act: () => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> => {
  signal?.throwIfAborted();
  try {
    const { calls, client } = link;
    return await calls.during(signal, (own) => client.connection.withAbortSignal(own, act));
  } catch (error) {
    signal?.throwIfAborted();
    throw explainServiceError(error, link);
  }
};
