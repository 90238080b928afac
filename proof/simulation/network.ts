import type { Dispatcher } from 'undici';
import type { DispatcherFor } from '../../src/vsphere/wire/dispatchers';
import type { Chance } from './chance';
import type { HostCall, HostName, HostReply, SimulatedHosts } from './simulated-hosts';
import type { Owner, VirtualTime } from './virtual-time';

/** What becomes of one call on its way. */
export type CallFault =
  /** Refused before anything is written. */
  | { readonly kind: 'refused-connection' }
  /** The connection breaks, and the request with it. */
  | { readonly kind: 'reset' }
  /** Never arrives, and nobody says so: the deadline does. */
  | { readonly kind: 'silence' }
  /** The connection breaks, and the request arrives all the same, later. */
  | { readonly kind: 'late'; readonly lateMs: number }
  /** Somebody on the way answers; the request never arrives. */
  | { readonly kind: 'answered'; readonly status: number; readonly errorType?: string };

export type ReplyFault =
  | { readonly kind: 'reset' }
  | { readonly kind: 'silence' }
  | { readonly kind: 'answered'; readonly status: number; readonly errorType?: string }
  | { readonly kind: 'slow'; readonly slowMs: number };

/** Asked at the two moments of every call that matter. */
export interface CallPoints {
  /** The connection is open and the request is next to be written. */
  readonly onWrite: (operation: string, worker: Owner) => CallFault | undefined;
  /** The effect has been had. */
  readonly onServed: (operation: string, worker: Owner) => ReplyFault | undefined;
}

interface Wire {
  readonly time: VirtualTime;
  readonly hosts: SimulatedHosts;
  readonly points: CallPoints;
  readonly chance: Chance;
}

const VSPHERE: Owner = { name: 'vsphere', alive: true, resumesAtMs: 0 };

/** What a worker's client takes for undici: each call is a few events of the virtual queue. */
export const dispatcherFor =
  (wire: Wire, worker: Owner): DispatcherFor =>
  ({ host }) => {
    const dispatch = (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => {
      new Exchange(wire, worker, host, { options, handler }).begin();
      return true;
    };
    const end = () => Promise.resolve();
    return { dispatch, destroy: end, close: end } as unknown as Dispatcher;
  };

class Exchange {
  private readonly call: HostCall;
  private readonly operation: string;
  private isOver = false;
  private readonly controller: Dispatcher.DispatchController;

  constructor(
    private readonly wire: Wire,
    private readonly worker: Owner,
    private readonly host: HostName,
    private readonly sending: {
      readonly options: Dispatcher.DispatchOptions;
      readonly handler: Dispatcher.DispatchHandler;
    },
  ) {
    const { options } = sending;
    this.call = {
      method: options.method,
      url: options.path,
      headers: options.headers as Record<string, string>,
      body: typeof options.body === 'string' ? options.body : '',
    };
    this.operation = wire.hosts.nameOf(host, this.call);
    const over = () => void (this.isOver = true);
    this.controller = { abort: over } as unknown as Dispatcher.DispatchController;
  }

  begin(): void {
    this.later(() => this.write(), `connected for ${this.operation}`);
  }

  private write(): void {
    const fault = this.wire.points.onWrite(this.operation, this.worker);
    if (!this.worker.alive) return;
    if (fault?.kind === 'refused-connection') return this.broken('ECONNREFUSED');
    // A worker that was stopped here finds out when it goes on.
    if (this.worker.resumesAtMs > this.wire.time.nowMs) return this.later(() => this.send(fault), 'goes on');
    this.send(fault);
  }

  private send(fault: CallFault | undefined): void {
    try {
      this.sending.handler.onRequestStart?.(this.controller, undefined);
    } catch {
      return;
    }
    if (this.isOver) return;
    if (fault === undefined) return this.arrive(this.wire.chance.latencyMs());
    if (fault.kind === 'silence') return;
    if (fault.kind === 'answered') return this.deliver(injected(fault.status, fault.errorType));
    if (fault.kind === 'late') this.arrive(fault.lateMs);
    this.later(() => this.broken('ECONNRESET'), `${this.operation} is cut off`);
  }

  /** Whatever became of the caller: what was written has its effect. */
  private arrive(delayMs: number): void {
    const { time, hosts, points } = this.wire;
    const serve = () =>
      hosts.serve(this.host, this.call, (reply) => {
        const fault = points.onServed(this.operation, this.worker);
        time.note(`${this.operation} is answered ${reply.status}`);
        if (fault?.kind === 'silence') return;
        if (fault?.kind === 'reset')
          return this.later(() => this.broken('ECONNRESET'), `${this.operation} is cut off`);
        if (fault?.kind === 'answered') return this.deliver(injected(fault.status, fault.errorType));
        this.deliver(reply, fault?.slowMs);
      });
    time.after(delayMs, `${this.operation} arrives`, serve, VSPHERE);
  }

  private deliver({ status, headers, text }: HostReply, slowMs = 0): void {
    const { handler } = this.sending;
    const read = () => {
      if (this.isOver) return;
      handler.onResponseStart?.(this.controller, status, headers, '');
      if (text !== '') handler.onResponseData?.(this.controller, Buffer.from(text));
      handler.onResponseEnd?.(this.controller, {});
    };
    this.wire.time.after(
      slowMs + this.wire.chance.latencyMs(),
      `${this.operation}: ${status}`,
      read,
      this.worker,
    );
  }

  private broken(code: string): void {
    if (this.isOver) return;
    const error = Object.assign(new Error(code), { code });
    this.sending.handler.onResponseError?.(this.controller, error);
  }

  private later(act: () => void, label: string): void {
    this.wire.time.after(this.wire.chance.latencyMs(), label, act, this.worker);
  }
}

const injected = (status: number, errorType?: string): HostReply =>
  errorType === undefined
    ? { status, headers: { 'content-type': 'text/html' }, text: '<html>upstream</html>' }
    : {
        status,
        headers: { 'content-type': 'application/json' },
        text: JSON.stringify({ error_type: errorType, messages: [] }),
      };
