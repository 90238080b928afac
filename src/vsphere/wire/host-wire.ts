import type { Dispatcher } from 'undici';
import { omitUndefined } from '../../contract/omit-undefined';
import { CallFailure } from '../call-failure';
import type { VsphereErrorKind, VsphereHost } from '../errors';
import { RecentSecrets, redact } from '../redaction';
import type { VsphereCall } from '../replies';
import type { HostSettings } from '../settings';
import type { ChangeDispatcher, DispatcherFor } from './dispatchers';
import { exchange, type WireReply, type WireRequest } from './exchange';
import { RateLimiter, type Clock } from './limits';
import { WireFailure, type WireFailureReason } from './wire-failure';

/** One exchange on the wire, logins and logouts included. */
export interface ObservedCall {
  readonly host: VsphereHost;
  /** From a closed list: the names in this folder's calls. */
  readonly operation: string;
  /** HTTP status, or why there was none. */
  readonly outcome: number | WireFailureReason;
  readonly durationMs: number;
}

/** `withheld`: the last one was refused less than a minute ago, so this one was not tried. `error`: any other error. */
export type LoginOutcome = 'ok' | 'withheld' | 'error' | VsphereErrorKind;

/** What a connection tells of itself while it works, for metrics and for the log. Must not throw. */
export interface VsphereObserver {
  called(call: ObservedCall): void;
  loggedIn(outcome: LoginOutcome): void;
  /** A password, session id, assertion, or an encoded form of one, in use from now on. */
  secretInUse(secret: string): void;
  /** Something that works and that a person should know. Holds no secret. */
  warned(warning: string): void;
}

export const UNOBSERVED: VsphereObserver = {
  called: () => undefined,
  loggedIn: () => undefined,
  secretInUse: () => undefined,
  warned: () => undefined,
};

export interface RequestBody {
  /** Media type of the body, and of the reply that is wanted. */
  readonly type: string;
  readonly text: string;
}

/** How one request of a call is to be sent. */
export interface Sending {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string | undefined;
  /** Instead of the call's own body, which is JSON. */
  readonly body?: RequestBody | undefined;
  readonly signal: AbortSignal;
  /** `reads`: on the pool. `change`: on a connection of its own, which is closed afterwards. */
  readonly purpose: 'reads' | 'change';
  readonly beforeWrite?: (() => void) | undefined;
}

/** The connections to one host. Knows nothing of sessions. */
export class HostWire {
  readonly #reads: Dispatcher;
  readonly #rate: RateLimiter;
  readonly #secrets: RecentSecrets;
  #clockOffsetMs: number | undefined;

  constructor(
    readonly settings: HostSettings,
    private readonly dispatcherFor: DispatcherFor,
    private readonly observer: VsphereObserver = UNOBSERVED,
    clock?: Clock,
  ) {
    this.#reads = this.#dispatcher('reads');
    this.#secrets = new RecentSecrets((secret) => this.observer.secretInUse(secret));
    this.#rate = new RateLimiter(settings.maxCallsPerSecond, clock);
  }

  /** When a read may go to this host. Its own time begins only then. */
  turn(signal: AbortSignal | undefined): Promise<void> {
    return this.#rate.wait(signal);
  }

  /** How far the host's clock was ahead of this machine's at its last reply. To about a second. */
  get clockOffsetMs(): number | undefined {
    return this.#clockOffsetMs;
  }

  failure(call: VsphereCall<unknown>, changes: boolean): CallFailure {
    return new CallFailure(this.settings, call, changes, this.#secrets);
  }

  /** A text of this host as it may be shown. */
  shown(text: string): string {
    return redact(text, this.#secrets);
  }

  /** Rejects with a `WireFailure`. */
  async send(call: VsphereCall<unknown>, sending: Sending): Promise<WireReply> {
    if (sending.purpose === 'reads') return this.#exchange(this.#reads, call, sending);
    const own: ChangeDispatcher = this.#dispatcher('change');
    try {
      return await this.#exchange(own, call, sending, () => own.reset?.());
    } finally {
      // Not awaited: the reply is whole, or there is none. A slow farewell must not cost the call its time.
      own.destroy().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await this.#reads.destroy();
  }

  async #exchange(
    dispatcher: Dispatcher,
    call: VsphereCall<unknown>,
    sending: Sending,
    reset?: () => void,
  ): Promise<WireReply> {
    const { signal, beforeWrite } = sending;
    const request = wireRequest(this.settings.origin, call, sending);
    const { maxReplyBytes } = this.settings;
    const reply = await this.#observed(
      call,
      exchange(dispatcher, request, { signal, beforeWrite, maxReplyBytes, reset }),
    );
    if (reply.dateMs !== undefined) this.#clockOffsetMs = reply.dateMs + HALF_A_SECOND_MS - Date.now();
    return reply;
  }

  async #observed(call: VsphereCall<unknown>, exchanged: Promise<WireReply>): Promise<WireReply> {
    const since = performance.now();
    const tell = (outcome: ObservedCall['outcome']): void => {
      const { host } = this.settings;
      this.observer.called({
        host,
        operation: call.operation,
        outcome,
        durationMs: performance.now() - since,
      });
    };
    try {
      const reply = await exchanged;
      tell(reply.status);
      return reply;
    } catch (error) {
      tell(error instanceof WireFailure ? error.reason : 'broken');
      throw error;
    }
  }

  #dispatcher(purpose: 'reads' | 'change'): Dispatcher {
    const { host, origin } = this.settings;
    return this.dispatcherFor({ host, origin, purpose });
  }
}

/** The Date header leaves out what is below a second. */
const HALF_A_SECOND_MS = 500;

const JSON_TYPE = 'application/json';

function wireRequest(origin: string, call: VsphereCall<unknown>, sending: Sending): WireRequest {
  const { path, requestId } = sending;
  const json = call.body === undefined ? undefined : { type: JSON_TYPE, text: JSON.stringify(call.body) };
  const body = sending.body ?? json;
  return {
    method: call.method,
    origin,
    path,
    headers: {
      ...sending.headers,
      accept: body?.type ?? JSON_TYPE,
      // A compressed reply could be far larger than its size on the wire.
      'accept-encoding': 'identity',
      ...omitUndefined({ 'content-type': body?.type, 'x-request-id': requestId }),
    },
    ...omitUndefined({ body: body?.text }),
    lastOnConnection: sending.purpose === 'change',
  };
}
