/** What every call takes last. */
export interface CallOptions {
  /** Sent as `X-Request-ID`, so that a call can be found in the server's log. Printable ASCII, at most 200 characters. */
  requestId?: string;
  /** Gives the call up; what the server does with a call already sent is not undone. */
  signal?: AbortSignal;
}

/** What every call that changes something takes last. */
export interface ChangeOptions extends CallOptions {
  /**
   * Runs when the call's own connection is open (TLS included), immediately before the first byte of the request is
   * written. If it throws, nothing is written and the call fails as `refused-by-guard` with effect `none`.
   */
  beforeWrite?: () => void;
}
