import type { Dispatcher } from 'undici';
import { omitUndefined } from '../../contract/omit-undefined';
import { GivenUp } from './limits';
import { brokenReply, WireFailure, wireFailureFrom } from './wire-failure';

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Asks the server to close the connection after its reply. */
  readonly lastOnConnection: boolean;
}

export interface WireReply {
  readonly status: number;
  /** Header `vmware-api-session-id`. */
  readonly sessionId?: string;
  readonly text: string;
  /** The body as it came: what is signed must not be decoded and encoded again. */
  readonly bytes: Buffer;
  /** Header `Date`: the server's clock, to the second. */
  readonly dateMs?: number;
  /** Header `Retry-After`: how long to wait before the next call. At most `LONGEST_RETRY_AFTER_MS`. */
  readonly retryAfterMs?: number;
  /** Header `Content-Encoding`, where there is one. None is asked for. */
  readonly encoding?: string;
}

export interface WireLimits {
  readonly signal: AbortSignal;
  readonly maxReplyBytes: number;
  readonly beforeWrite?: (() => void) | undefined;
  /** Ends the connection so that nothing that was written on it arrives any more. For changing calls. */
  readonly reset?: (() => void) | undefined;
}

/**
 * Sends one request and collects one reply, or fails with a `WireFailure`. undici's handlers are used directly because
 * only they tell the moment before the write, which decides whether a failed call may have had an effect.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: WireRequest,
  limits: WireLimits,
): Promise<WireReply> {
  return new Promise((resolve, reject) => {
    const handler = new ExchangeHandler(request.origin.startsWith('https:'), limits, resolve, reject);
    if (limits.signal.aborted) return handler.giveUp();
    try {
      dispatcher.dispatch(dispatchOptions(request), handler);
    } catch (error) {
      handler.onResponseError(undefined, error as Error);
    }
  });
}

function dispatchOptions(request: WireRequest): Dispatcher.DispatchOptions {
  return {
    origin: request.origin,
    path: request.path,
    method: request.method,
    headers: { ...request.headers },
    body: request.body ?? null,
    reset: request.lastOnConnection,
    // The call's own deadline covers both.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

/** A server that comes back earlier than it said is to be noticed, and what waits is to be seen. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** Seconds, or a moment by the server's clock. */
function retryAfterMs(value: string | string[] | undefined, nowMs: number): number | undefined {
  if (typeof value !== 'string') return undefined;
  const waitMs = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - nowMs;
  return waitMs > 0 ? Math.min(waitMs, LONGEST_RETRY_AFTER_MS) : undefined;
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #status = 0;
  #sessionId: string | undefined;
  #dateMs: number | undefined;
  #retryAfterMs: number | undefined;
  #encoding: string | undefined;
  #chunks: Buffer[] = [];
  #bytes = 0;
  readonly #onAbort = (): void => this.giveUp();

  constructor(
    private readonly secure: boolean,
    private readonly limits: WireLimits,
    private readonly resolve: (reply: WireReply) => void,
    private readonly reject: (failure: WireFailure) => void,
  ) {
    limits.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The connection is open and this request is next to be written on it. Throwing here writes nothing. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#settled) throw new Error('the call was given up while it waited for a connection');
    // undici may put a request on a second connection. One that was written once is never written again.
    if (this.#controller) throw new Error('the request was written before');
    try {
      this.limits.beforeWrite?.();
    } catch (cause) {
      this.#fail(new WireFailure('guard', false, 'beforeWrite refused it', { cause }));
      throw cause;
    }
    this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    const sessionId = headers['vmware-api-session-id'];
    if (typeof sessionId === 'string') this.#sessionId = sessionId;
    const dateMs = typeof headers['date'] === 'string' ? Date.parse(headers['date']) : NaN;
    if (!Number.isNaN(dateMs)) this.#dateMs = dateMs;
    this.#retryAfterMs = retryAfterMs(headers['retry-after'], this.#dateMs ?? Date.now());
    const encoding = headers['content-encoding'];
    if (typeof encoding === 'string' && encoding !== 'identity') this.#encoding = encoding;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.limits.maxReplyBytes) {
      this.#chunks.push(chunk);
      return;
    }
    const failure = new WireFailure(
      'too-large',
      true,
      `the reply is larger than ${this.limits.maxReplyBytes} bytes`,
    );
    this.#fail(failure);
    this.#discard(controller, failure);
  }

  onResponseEnd(): void {
    if (!this.#settle()) return;
    const bytes = Buffer.concat(this.#chunks);
    this.resolve({
      status: this.#status,
      text: bytes.toString('utf8'),
      bytes,
      ...omitUndefined({
        sessionId: this.#sessionId,
        dateMs: this.#dateMs,
        retryAfterMs: this.#retryAfterMs,
        encoding: this.#encoding,
      }),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#fail(
      this.#status === 0
        ? wireFailureFrom(error, this.#controller !== undefined, this.secure)
        : brokenReply(error, this.#bytes),
    );
  }

  giveUp(): void {
    const { reason } = this.limits.signal;
    const by = reason instanceof GivenUp ? reason.by : 'caller';
    const failure = new WireFailure(by, this.#controller !== undefined, by);
    this.#fail(failure);
    if (this.#controller) this.#discard(this.#controller, failure);
  }

  #discard(controller: Dispatcher.DispatchController, failure: WireFailure): void {
    // First: what undici closes can no longer be reset. A server that has begun to answer has the request, and undici's
    // parser fails on a reply that was given up when its socket ends before it.
    if (this.#status === 0) this.limits.reset?.();
    controller.abort(failure);
  }

  #fail(failure: WireFailure): void {
    if (this.#settle()) this.reject(failure);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.limits.signal.removeEventListener('abort', this.#onAbort);
    return true;
  }
}
