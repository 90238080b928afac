import type { z } from 'zod';
import type { CallTarget } from './call-target';

/** One operation of a server: where it goes, what is sent and how its reply reads. */
export interface VsphereCall<T> extends CallTarget {
  /** Name of the operation, as errors and the documentation spell it. */
  readonly operation: string;
  /** What it is about, for people: `VM vm-12`. */
  readonly subject: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  /** Ids and names in the body, checked before the call like those in the path. */
  readonly bodyIds?: readonly (string | undefined)[];
  readonly bodyNames?: readonly string[];
  /** What the body of a good reply must be; `null` when there must be none. */
  readonly reply: z.ZodType<T> | null;
  /** What an empty good reply says, where that is not a mistake. */
  readonly emptyMeans?: 'unauthenticated';
  /** A login: a refusal is one of the account, whatever the server calls it. */
  readonly login?: true;
  /** True for calls that need no session. */
  readonly anonymous?: boolean;
}
