import type { Dispatcher } from 'undici';
import { CallFailure } from './call-failure';
import { CallRate } from './call-rate';
import { exchange, type WireReply, type WireRequest } from './exchange';
import type { Clock } from './clock';
import type { DispatcherFor } from './host-dispatchers';
import type { HostSettings } from './host-settings';
import { RecentSecrets } from './recent-secrets';
import { redact } from './redaction';
import type { VsphereCall } from './vsphere-call';
import { UNOBSERVED, type ObservedCall, type VsphereObserver } from './vsphere-observer';
import { WireFailure } from './wire-failure';

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
  readonly #rate: CallRate;
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
    this.#rate = new CallRate(settings.maxCallsPerSecond, clock);
  }

  /** When a read may go to this host; its own time begins only then. */
  turn(signal: AbortSignal | undefined): Promise<void> {
    return this.#rate.turn(signal);
  }

  /** How far the host's clock was ahead of this machine's at its last reply; to about a second. */
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
    const own = this.#dispatcher('change');
    try {
      return await this.#exchange(own, call, sending);
    } finally {
      // Not awaited: the reply is whole, or there is none; a slow farewell must not cost the call its time.
      own.destroy().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await this.#reads.destroy();
  }

  async #exchange(dispatcher: Dispatcher, call: VsphereCall<unknown>, sending: Sending): Promise<WireReply> {
    const { signal, beforeWrite } = sending;
    const request = wireRequest(this.settings.origin, call, sending);
    const { maxReplyBytes } = this.settings;
    const reply = await this.#observed(
      call,
      exchange(dispatcher, request, { signal, beforeWrite, maxReplyBytes }),
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
      ...(body === undefined ? {} : { 'content-type': body.type }),
      ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
    },
    ...(body === undefined ? {} : { body: body.text }),
    lastOnConnection: sending.purpose === 'change',
  };
}
