import type { Authentication } from './authentication';
import { GivenUp, startCallDeadline } from './call-deadline';
import type { CallFailure } from './call-failure';
import type { CallOptions, ChangeOptions } from './call-options';
import { callPaths } from './call-paths';
import type { WireReply } from './exchange';
import type { HostWire } from './host-wire';
import { readReply } from './read-reply';
import { sessionId } from './session-id';
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

  /** The account, where the credential itself names it; a session has to be asked who it is. */
  async account(call: VsphereCall<unknown>, options: CallOptions = {}): Promise<string | undefined> {
    const failure = this.wire.failure(call, false);
    return this.#withDeadline(options.signal, failure, async (signal) => {
      this.#refuseIfClosed(failure);
      const credential = await withinDeadline(this.authentication.credential(options.requestId), signal);
      return credential.user;
    });
  }

  /** A text of a reply as it may be shown. */
  shown(text: string): string {
    return this.wire.shown(text);
  }

  /** Logs out. The connections to the host stay open: they may be shared. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.authentication.close();
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
      await this.#turn(options, failure);
      return await this.#withDeadline(options.signal, failure, (signal) =>
        this.#readTwice({ call, path, options, signal, purpose: 'reads', failure }),
      );
    } finally {
      this.#openReads -= 1;
    }
  }

  async #turn({ signal }: CallOptions, failure: CallFailure): Promise<void> {
    try {
      await this.wire.turn(signal);
    } catch {
      throw failure.from(new GivenUp('caller'));
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
    if (call.anonymous) return readReply(call, await this.#send(attempt, {}), failure);
    const credential = await withinDeadline(this.authentication.credential(options.requestId), signal);
    // Closing waits for a login under way, so it may have happened meanwhile.
    this.#refuseIfClosed(failure);
    failure.hideSession(credential.secret);
    const reply = await this.#send(attempt, credential.headers);
    const named = sessionId.safeParse(reply.sessionId);
    if (named.success) failure.hideSession(named.data);
    try {
      const value = readReply(call, reply, failure);
      // Not from a refusal: the session that it may name is the one that was refused.
      if (named.success) this.authentication.replaced(credential, named.data);
      return value;
    } catch (error) {
      if (!(error instanceof VsphereError) || error.kind !== 'unauthenticated') throw error;
      const why = this.authentication.whyRefused?.(credential, reply.dateMs);
      if (why !== undefined) throw failure.fromClocks(reply.status, why);
      this.authentication.refused(credential);
      throw error;
    }
  }

  #refuseIfClosed(failure: CallFailure): void {
    if (this.#closed) throw failure.here('unreachable', 'the connection was closed');
  }

  #send(
    { call, path, options, signal, purpose }: Attempt<unknown>,
    headers: Readonly<Record<string, string>>,
  ): Promise<WireReply> {
    const { requestId, beforeWrite } = options;
    return this.wire.send(call, { path, headers, requestId, signal, purpose, beforeWrite });
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
