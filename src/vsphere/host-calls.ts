import type { Authentication } from './authentication';
import { startCallDeadline } from './call-deadline';
import type { CallFailure } from './call-failure';
import type { CallOptions, ChangeOptions } from './call-options';
import { callPaths } from './call-paths';
import type { HostWire } from './host-wire';
import { readReply } from './read-reply';
import type { VsphereCall } from './vsphere-call';
import { VsphereError } from './vsphere-error';
import { withinDeadline } from './within-deadline';

/** Reads in flight or waiting for a connection: more than any worker has activities, so only a mistake gets here. */
const MAX_OPEN_READS = 1000;

/** One attempt at a call: all that does not change when it is repeated with a new session. */
interface Attempt<T> {
  readonly call: VsphereCall<T>;
  readonly path: string;
  readonly options: ChangeOptions;
  readonly signal: AbortSignal;
  readonly purpose: 'reads' | 'change';
  readonly failure: CallFailure;
}

/**
 * All calls to one host.
 *
 * - A read goes through the pool and is repeated once, with a new session, when the old one is refused.
 * - A change opens its own connection, waits for nobody and is never repeated: whether it may be is the caller's to know.
 */
export class HostCalls {
  #openReads = 0;
  #closed = false;

  constructor(
    private readonly wire: HostWire,
    private readonly authentication: Authentication,
  ) {}

  async read<T>(call: VsphereCall<T>, options: CallOptions = {}): Promise<T> {
    const [reply] = await this.readEach({ ...call, splitBy: '' }, options);
    return reply as T;
  }

  /** One reply per request line that the filters need, in order. */
  async readEach<T>(call: VsphereCall<T>, options: CallOptions = {}): Promise<T[]> {
    const failure = this.wire.failure(call, false);
    const replies: T[] = [];
    for (const path of callPaths(call, options, failure)) {
      replies.push(await this.#readOne(call, path, options, failure));
    }
    return replies;
  }

  async change<T>(call: VsphereCall<T>, options: ChangeOptions = {}): Promise<T> {
    const failure = this.wire.failure(call, true);
    const [path = ''] = callPaths({ ...call, splitBy: '' }, options, failure);
    return this.#withDeadline(options.signal, failure, (signal) =>
      this.#attempt({ call, path, options, signal, purpose: 'change', failure }),
    );
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.authentication.close();
    await this.wire.close();
  }

  async #readOne<T>(
    call: VsphereCall<T>,
    path: string,
    options: CallOptions,
    failure: CallFailure,
  ): Promise<T> {
    if (this.#openReads >= MAX_OPEN_READS) {
      throw failure.here('busy', `${MAX_OPEN_READS} reads are open already`);
    }
    this.#openReads += 1;
    try {
      return await this.#withDeadline(options.signal, failure, (signal) =>
        this.#readTwice({ call, path, options, signal, purpose: 'reads', failure }),
      );
    } finally {
      this.#openReads -= 1;
    }
  }

  async #readTwice<T>(attempt: Attempt<T>): Promise<T> {
    try {
      return await this.#attempt(attempt);
    } catch (error) {
      const expired = error instanceof VsphereError && error.kind === 'unauthenticated';
      if (!expired || attempt.call.anonymous) throw error;
    }
    return this.#attempt(attempt);
  }

  async #attempt<T>(attempt: Attempt<T>): Promise<T> {
    const { call, options, signal, failure } = attempt;
    this.#refuseIfClosed(failure);
    if (call.anonymous) return this.#exchange(attempt, {});
    const credential = await withinDeadline(this.authentication.credential(options.requestId), signal);
    // Closing waits for a login under way, so it may have happened meanwhile.
    this.#refuseIfClosed(failure);
    failure.hide(credential.secret);
    try {
      return await this.#exchange(attempt, credential.headers, (sessionId) =>
        this.authentication.replaced(credential, sessionId),
      );
    } catch (error) {
      if (error instanceof VsphereError && error.kind === 'unauthenticated') {
        this.authentication.refused(credential);
      }
      throw error;
    }
  }

  #refuseIfClosed(failure: CallFailure): void {
    if (this.#closed) throw failure.here('unreachable', 'the connection was closed');
  }

  async #exchange<T>(
    { call, path, options, signal, purpose, failure }: Attempt<T>,
    headers: Readonly<Record<string, string>>,
    onSession?: (sessionId: string) => void,
  ): Promise<T> {
    const { requestId, beforeWrite } = options;
    const sending = { path, headers, requestId, signal, purpose, beforeWrite };
    const reply = await this.wire.send(call, sending);
    // Not from a refusal: the session that it may name is the one that was refused.
    if (reply.sessionId !== undefined && reply.status < 400) onSession?.(reply.sessionId);
    return readReply(call, reply, failure);
  }

  async #withDeadline<T>(
    outer: AbortSignal | undefined,
    failure: CallFailure,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const deadline = startCallDeadline(this.wire.settings.callDeadlineMs, outer);
    try {
      return await work(deadline.signal);
    } catch (thrown) {
      throw failure.from(thrown);
    } finally {
      deadline.end();
    }
  }
}
