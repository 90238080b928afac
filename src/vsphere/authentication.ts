/** What authorises a call. The same object is handed out until it is refused or replaced. */
export interface Credential {
  readonly headers: Readonly<Record<string, string>>;
  /** The part that must never be shown. */
  readonly secret: string;
  /** The account, where the credential itself names it; a session has to be asked. */
  readonly user?: string | undefined;
}

/**
 * How a host knows us. A server with sessions has `SessionAuthentication`; a snapshot appliance before 9.0, which takes a
 * signed assertion with every call, has `AssertionAuthentication`; `ReleaseAuthentication` finds out which it is.
 */
export interface Authentication {
  /** The credential in use, or a new one; many callers at once share one login. */
  credential(requestId?: string): Promise<Credential>;
  /** The server refused this credential: the next caller gets a new one. */
  refused(credential: Credential): void;
  /** A reply to a call with this credential named another session: it is used from now on. */
  replaced(credential: Credential, sessionId: string): void;
  /** Why the server, whose clock showed `serverMs`, refused a credential that a new one would not help; if that is known. */
  whyRefused?(credential: Credential, serverMs: number | undefined): string | undefined;
  /** Ends what was opened, best effort. Nothing is handed out afterwards. */
  close(): Promise<void>;
}
