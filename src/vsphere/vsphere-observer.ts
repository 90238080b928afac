import type { VsphereErrorKind, VsphereHost } from './vsphere-error';
import type { WireFailureReason } from './wire-failure';

/** One exchange on the wire, logins and logouts included. */
export interface ObservedCall {
  readonly host: VsphereHost;
  /** From a closed list: the names in this folder's calls. */
  readonly operation: string;
  /** HTTP status, or why there was none. */
  readonly outcome: number | WireFailureReason;
  readonly durationMs: number;
}

/** `withheld`: the last one was refused less than a minute ago, so this one was not tried. `error`: not one of ours. */
export type LoginOutcome = 'ok' | 'withheld' | 'error' | VsphereErrorKind;

/** What a connection tells of itself while it works, for metrics and for the log. Must not throw. */
export interface VsphereObserver {
  called(call: ObservedCall): void;
  loggedIn(outcome: LoginOutcome): void;
  /** A password, session id, assertion, or an encoded form of one, in use from now on. */
  secretInUse(secret: string): void;
}

export const UNOBSERVED: VsphereObserver = {
  called: () => undefined,
  loggedIn: () => undefined,
  secretInUse: () => undefined,
};
