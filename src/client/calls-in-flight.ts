import { setMaxListeners } from 'node:events';
import {
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
} from '@temporalio/client';

/** The SDK's longest pause before it repeats a call: five seconds and a fifth, and a moment for the call itself. */
const LONGEST_PAUSE_MS = 6_500;

/**
 * The calls of one connection. The SDK repeats a failed call by a timer that throws, and ends the caller's process, where
 * its connection was closed meanwhile (grpc-retry.js of 1.24); so a connection closes once its calls have ended.
 */
export class CallsInFlight {
  private readonly open = new Map<AbortController, Promise<unknown>>();
  private isEnding = false;
  /** For the connection: the SDK's own, which repeats nothing any more once the calls are to end. */
  readonly interceptors: NonNullable<ConnectionOptions['interceptors']>;

  constructor() {
    const { delayFunction, retryableDecider } = defaultGrpcRetryOptions();
    const retry = makeGrpcRetryInterceptor({
      delayFunction,
      retryableDecider: (attempt, status) => !this.isEnding && retryableDecider(attempt, status),
    });
    this.interceptors = [retry];
  }

  /**
   * Makes a call under a signal of its own. The SDK leaves a listener on the signal for every call that it makes
   * (connection.js of 1.24, `rpcImpl`); on the caller's they would add up to a leak and to Node's warning.
   */
  async during<Answer>(
    signal: AbortSignal | undefined,
    act: (own: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const own = new AbortController();
    setMaxListeners(0, own.signal);
    const abort = () => own.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const answer = act(own.signal);
    this.open.set(own, answer);
    try {
      return await answer;
    } finally {
      this.open.delete(own);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Gives up what is open, and returns once nothing is. */
  async end(): Promise<void> {
    this.isEnding = true;
    for (const own of this.open.keys()) own.abort(new Error('the connection is closed'));
    let timer: NodeJS.Timeout | undefined;
    const longest = new Promise((resolve) => (timer = setTimeout(resolve, LONGEST_PAUSE_MS)));
    await Promise.race([Promise.allSettled(this.open.values()), longest]);
    clearTimeout(timer);
  }
}
