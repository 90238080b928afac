/** What authorises a call. The same object is handed out until it is refused or replaced. */
export interface Credential {
  readonly headers: Readonly<Record<string, string>>;
  /** The part that must never be shown. */
  readonly secret: string;
}

/**
 * How a host knows us. A server with sessions has `SessionAuthentication`; a snapshot appliance before 9.0, which takes a
 * signed token with every call, needs another one behind the same four functions.
 */
export interface Authentication {
  /** The credential in use, or a new one; many callers at once share one login. */
  credential(requestId?: string): Promise<Credential>;
  /** The server refused this credential: the next caller gets a new one. */
  refused(credential: Credential): void;
  /** A reply to a call with this credential named another session: it is used from now on. */
  replaced(credential: Credential, sessionId: string): void;
  /** Ends what was opened, best effort. Nothing is handed out afterwards. */
  close(): Promise<void>;
}
