import { errorMessage, errorRemedy, VsphereError, type VsphereEffect, type VsphereErrorKind } from './errors';
import { redact, type RecentSecrets } from './redaction';
import { ArgumentRefused } from './request-paths';
import type { ServerRefusal } from './server-refusal';
import type { HostSettings } from './settings';
import type { WireReply } from './wire/exchange';
import { GivenUp } from './wire/limits';
import { WireFailure, type WireFailureReason } from './wire/wire-failure';

const KIND_OF_REASON: Readonly<Record<WireFailureReason, VsphereErrorKind>> = {
  unreachable: 'unreachable',
  tls: 'tls',
  guard: 'refused-by-guard',
  deadline: 'interrupted',
  caller: 'interrupted',
  'too-large': 'interrupted',
  broken: 'interrupted',
};

/**
 * A server that answers with one of these did not begin. The others leave open whether it did: what exists already may
 * be what a front end's first copy of the call has made. All come from the API's own words: a status alone gives none.
 */
const REFUSING: ReadonlySet<VsphereErrorKind> = new Set([
  'invalid-argument',
  'not-allowed',
  'unauthenticated',
  'forbidden',
  'too-many',
  'no-such-call',
  'not-found',
  'busy',
]);

/** The longest type of the API has 32. */
const MAX_TYPE_CHARACTERS = 80;

interface FailedCall {
  readonly operation: string;
  readonly subject: string;
}

interface Details {
  readonly status?: number;
  readonly errorType?: string | undefined;
  readonly serverText?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The connection broke after the request was written. */
  readonly isCutOff?: boolean;
  readonly remedy?: ((setting: string) => string) | undefined;
}

/** Turns everything that can go wrong with one call into a `VsphereError`: the only place that decides its effect. */
export class CallFailure {
  constructor(
    private readonly settings: HostSettings,
    private readonly call: FailedCall,
    private readonly changes: boolean,
    private readonly secrets: RecentSecrets,
  ) {}

  /** Takes a password out of every text of this host that is shown from now on. */
  hidePassword(password: string): void {
    this.secrets.addPassword(password);
  }

  /** The same for a session or an assertion, of which a host sees many. */
  hideSession(session: string): void {
    this.secrets.addSession(session);
  }

  /** The reply was an answer that says no: of the server, or of what stands before it. */
  fromRefusal(
    { status, retryAfterMs }: Pick<WireReply, 'status' | 'retryAfterMs'>,
    refusal: ServerRefusal,
  ): VsphereError {
    const { kind } = refusal;
    const errorType =
      refusal.errorType === undefined
        ? undefined
        : redact(refusal.errorType, this.secrets, MAX_TYPE_CHARACTERS);
    const serverText =
      refusal.serverText === undefined ? undefined : redact(refusal.serverText, this.secrets);
    const said = [errorType, serverText?.replace(/\.$/, '')].filter((part) => part !== undefined).join(': ');
    const answered = `the server answered ${status}${said === '' ? ' without an error of this API' : ` ${said}`}`;
    const why = kind === 'no-such-call' ? `this server does not have the call (${answered})` : answered;
    const effect = REFUSING.has(kind) ? 'refused' : this.#effect(true);
    return this.#error(kind, effect, why, { status, errorType, serverText, retryAfterMs });
  }

  /** The reply came but does not say what it should. `what` must hold nothing of it. */
  fromReply(
    kind: 'interrupted' | 'malformed',
    status: number,
    what: string,
    remedy?: (setting: string) => string,
  ): VsphereError {
    const why = `the answer with status ${status} ${what}`;
    return this.#error(kind, this.#effect(true), why, { status, remedy });
  }

  /** The server refuses the credential because two clocks differ. */
  fromClocks(status: number, why: string): VsphereError {
    return this.#error('clock-skew', this.changes ? 'refused' : 'none', why, { status });
  }

  /** No whole reply came, or nothing was sent. */
  from(thrown: unknown): VsphereError {
    if (thrown instanceof VsphereError) return thrown;
    if (thrown instanceof WireFailure) return this.#fromWire(thrown);
    if (thrown instanceof ArgumentRefused) return this.#error('invalid-argument', 'none', thrown.message);
    if (thrown instanceof GivenUp) return this.#fromWire(new WireFailure(thrown.by, false, thrown.by));
    return this.#error(
      'interrupted',
      this.#effect(true),
      'the client failed in an unexpected way',
      {},
      thrown,
    );
  }

  /** The client itself does not send the call. */
  here(kind: VsphereErrorKind, why: string, remedy?: (setting: string) => string): VsphereError {
    return this.#error(kind, 'none', why, { remedy });
  }

  #fromWire(failure: WireFailure): VsphereError {
    const { reason, written } = failure;
    const kind = reason === 'deadline' && !written ? 'unreachable' : KIND_OF_REASON[reason];
    const cause = reason === 'guard' ? failure.cause : undefined;
    const isCutOff = reason === 'broken';
    return this.#error(
      kind,
      this.#effect(written),
      this.#whyOf(failure),
      { isCutOff, remedy: failure.remedy },
      cause,
    );
  }

  #whyOf({ reason, written, detail }: WireFailure): string {
    const after = `after ${this.settings.callDeadlineMs} ms`;
    if (reason === 'deadline') return written ? `no whole answer ${after}` : `nothing could be sent ${after}`;
    if (reason === 'caller') return `the caller gave it up ${written ? 'after' : 'before'} it was sent`;
    return redact(detail, this.secrets);
  }

  #effect(written: boolean): VsphereEffect {
    return this.changes && written ? 'possible' : 'none';
  }

  #error(
    kind: VsphereErrorKind,
    effect: VsphereEffect,
    why: string,
    { isCutOff = false, remedy, ...answer }: Details = {},
    cause?: unknown,
  ): VsphereError {
    const { connection, host, origin } = this.settings;
    const parts = { connection, host, origin, ...this.call, kind, effect, why, isCutOff, remedy };
    const { operation } = this.call;
    const fields = { kind, effect, operation, host, remedy: errorRemedy(parts), ...answer };
    return new VsphereError(errorMessage(parts), fields, cause === undefined ? undefined : { cause });
  }
}
