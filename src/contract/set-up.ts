/** What became of one search attribute. */
export interface AttributeSetUp {
  /** For example `SnapflowState`. */
  readonly name: string;
  /**
   * - `existed`, `added`: it is registered
   * - `wrong-type`: it is registered with another type, which is left as it is
   * - `missing`: the server let us not add it; `remedies` say how to
   */
  readonly outcome: 'existed' | 'added' | 'wrong-type' | 'missing';
  /** The type that it has instead of Keyword. */
  readonly foundType?: string;
}

/** What `setup` found and did. */
export interface SetUpResult {
  /** The Temporal namespace that was set up. */
  readonly namespace: string;
  /** Whether every attribute is registered as Keyword and usable. */
  readonly ready: boolean;
  /** Each of our search attributes. */
  readonly attributes: readonly AttributeSetUp[];
  /** Why it is not ready, one sentence. */
  readonly problem?: string;
  /** What to do then, one step each: commands, or where to click. */
  readonly remedies: readonly string[];
}
