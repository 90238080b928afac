import { setMaxListeners } from 'node:events';
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
    return await (signal === undefined ? act() : underOwnSignal(link, act, signal));
  } catch (error) {
    signal?.throwIfAborted();
    throw explainServiceError(error, link);
  }
};

/**
 * The SDK leaves a listener on the signal for every call that it makes (connection.js of 1.24, `rpcImpl`). They gather on
 * a signal of this call's own, which goes with it; on the caller's they would add up to a leak and to Node's warning.
 */
const underOwnSignal = async <Answer>(
  { client }: TemporalLink,
  act: () => Promise<Answer>,
  signal: AbortSignal,
): Promise<Answer> => {
  const own = new AbortController();
  setMaxListeners(0, own.signal);
  const abort = () => own.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await client.connection.withAbortSignal(own.signal, act);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};
