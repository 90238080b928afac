import type { CallFailure } from './call-failure';
import { VsphereError, type VsphereErrorKind } from './errors';
import {
  joined,
  sessionId,
  type VsphereCall,
  type CallOptions,
  type ChangeOptions,
  type Items,
  type Listed,
} from './replies';
import { callPaths } from './request-paths';
import { serverRefusal, type ServerRefusal } from './server-refusal';
import type { WireReply } from './wire/exchange';
import type { HostWire } from './wire/host-wire';
import { GivenUp, startCallDeadline, withinDeadline } from './wire/limits';

/** What authorises a call. The same object is handed out until it is refused or replaced. */
export interface Credential {
  readonly headers: Readonly<Record<string, string>>;
  /** The part that must never be shown. */
  readonly secret: string;
  /** The account, where the credential itself names it. A session has to be asked. */
  readonly user?: string | undefined;
}

/**
 * How a host knows us. A server with sessions has `SessionAuthentication`. A snapshot appliance before 9.0, which takes a
 * signed assertion with every call, has `AssertionAuthentication`. `ReleaseAuthentication` finds out which it is.
 */
export interface Authentication {
  /** The credential in use, or a new one. Many callers at once share one login. */
  credential(requestId?: string): Promise<Credential>;
  /** The server refused this credential: the next caller gets a new one. */
  refused(credential: Credential): void;
  /** A call with this credential had a good reply. Where that named another session, it is used from now on. */
  worked(credential: Credential, sessionId?: string): void;
  /**
   * A call with this credential was answered, but not by this API. Resolves to whether the next caller gets another
   * credential. Never rejects.
   */
  doubted(credential: Credential): Promise<boolean>;
  /** Why the server, whose clock showed `serverMs`, refused a credential that a new one would not help. If that is known. */
  refusal?(credential: Credential, serverMs: number | undefined): string | undefined;
  /** Ends what was opened, best effort. Nothing is handed out afterwards. */
  close(): Promise<void>;
}

/**
 * 4000 machines have 16,000 values, 1000 tasks about 40,000. Small ones take many times their size on the wire as
 * objects: the limit in bytes alone would let a reply fill the memory.
 */
const MAX_VALUES = 200_000;

/** The value of a good reply, or the throw of what a bad one means. Nothing of a reply is used before this. */
export function readReply<T>(call: VsphereCall<T>, reply: WireReply, failure: CallFailure): T {
  const { status } = reply;
  if (reply.encoding !== undefined) throw compressed(reply, reply.encoding, failure);
  const text = reply.text.startsWith(BYTE_ORDER_MARK) ? reply.text.slice(1) : reply.text;
  if (status >= 300 && status < 400)
    throw failure.fromReply('interrupted', status, 'is a redirect, which is not followed');
  const tooMany = hasTooManyValues(text);
  const json = tooMany ? undefined : parseJson(text);
  if (status >= 400)
    throw failure.fromRefusal(reply, refusalToCall(call, status, serverRefusal(json?.value)));
  if (text === '' && call.emptyMeans) throw failure.fromRefusal(reply, { kind: call.emptyMeans });
  if (call.reply === null) {
    if (text === '') return undefined as T;
    throw failure.fromReply(json ? 'malformed' : 'interrupted', status, 'should be empty and is not');
  }
  if (tooMany) throw failure.fromReply('malformed', status, `holds more than ${MAX_VALUES} values`);
  if (!json) throw failure.fromReply(looksLikeHtml(text) ? 'interrupted' : 'malformed', status, 'is no JSON');
  const parsed = call.reply.safeParse(json.value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  throw failure.fromReply(
    'malformed',
    status,
    `does not read: ${where === '' ? 'the body' : where}: ${issue?.message}`,
  );
}

/** Some editors and gateways put one before a text. JSON has none. */
const BYTE_ORDER_MARK = '\uFEFF';

/** Not decompressed: it could be far larger than the limit on its bytes, and a server does not compress unasked. */
const compressed = ({ status }: WireReply, encoding: string, failure: CallFailure): VsphereError =>
  failure.fromReply(
    'interrupted',
    status,
    `is compressed (${/^[\w, -]{1,40}$/.test(encoding) ? encoding : 'in an unknown way'}), which was not asked for`,
    (setting) =>
      `have what stands between here and ${setting} pass "Accept-Encoding: identity" on, and compress nothing`,
  );

function refusalToCall(call: VsphereCall<unknown>, status: number, refusal: ServerRefusal): ServerRefusal {
  if (call.login !== true) return refusal;
  const { kind } = refusal;
  // Also a 401 in other words: a password that may be wrong is not sent again at once, which could lock the account.
  if (kind === 'unauthenticated' || kind === 'forbidden' || (kind === 'interrupted' && status === 401))
    return { ...refusal, kind: 'login-refused' };
  // A server that does not know the login is another one than the URL should lead to, or an older release.
  return MISPLACED.has(kind) ? { ...refusal, kind: 'malformed' } : refusal;
}

const MISPLACED: ReadonlySet<VsphereErrorKind> = new Set(['invalid-argument', 'not-found', 'no-such-call']);

/** Whether it begins or parts more values than any reply has. Those within texts count too, which are few. */
function hasTooManyValues(text: string): boolean {
  if (text.length <= MAX_VALUES) return false;
  let values = 0;
  for (let at = 0; at < text.length && values <= MAX_VALUES; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === BRACKET || code === BRACE) values += 1;
  }
  return values > MAX_VALUES;
}

const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];

const looksLikeHtml = (text: string): boolean => text.trimStart().startsWith('<');

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

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
 * - A change opens its own connection, never queues and is never repeated. The caller decides about a repeat.
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

  /** The items of a list, however many request lines its filters need. */
  async readList<T>(call: VsphereCall<Items<T>>, options: CallOptions = {}): Promise<Listed<T>> {
    return joined(await this.readEach(call, options), (what) =>
      this.wire.failure(call, false).fromReply('malformed', 200, what),
    );
  }

  async change<T>(call: VsphereCall<T>, options: ChangeOptions = {}): Promise<T> {
    const failure = this.wire.failure(call, true);
    const [path = ''] = callPaths({ ...call, splitBy: '' }, options, failure);
    return this.#withDeadline(options.signal, failure, (signal) =>
      this.#attempt({ call, path, options, signal, purpose: 'change', failure }),
    );
  }

  /** The account, where the credential itself names it. A session has to be asked who it is. */
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
      if (!(error instanceof SessionEnded)) throw error;
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
      this.authentication.worked(credential, named.data);
      return value;
    } catch (error) {
      if (!(error instanceof VsphereError)) throw error;
      const why = error.kind === 'unauthenticated' && this.authentication.refusal?.(credential, reply.dateMs);
      if (typeof why === 'string') throw failure.fromClocks(reply.status, why);
      throw (await this.#isReplaced(error, credential, attempt)) ? new SessionEnded(error) : error;
    }
  }

  /** Whether the next caller gets another credential after this error. */
  async #isReplaced(
    error: VsphereError,
    credential: Credential,
    { purpose, signal }: Attempt<unknown>,
  ): Promise<boolean> {
    if (error.kind === 'unauthenticated') {
      this.authentication.refused(credential);
      return true;
    }
    if (!isForeign(error)) return false;
    const doubted = this.authentication.doubted(credential);
    // A change is not repeated, so it does not wait for what only the next call needs.
    if (purpose === 'change') return false;
    return withinDeadline(doubted, signal).catch(() => false);
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
      throw failure.from(thrown instanceof SessionEnded ? thrown.refusal : thrown);
    } finally {
      deadline.end();
    }
  }
}

/** A refused call whose credential is replaced: a read is repeated once with the new one. */
class SessionEnded extends Error {
  constructor(readonly refusal: VsphereError) {
    super(refusal.message);
  }
}

/** A whole reply came, and it is none of this API: a gateway, a login page, a front end of another age. */
const isForeign = ({ status, errorType }: VsphereError): boolean =>
  status !== undefined && errorType === undefined;
