import { z } from 'zod';
import { NEVER_SHOWN } from '../contract/text';
import type { VsphereError } from './errors';

/** A name has at most 80 characters, 240 where they are escaped. What is far longer would not fit a history. */
const MAX_TEXT_CHARACTERS = 2_000;
/** Ids of tasks have about 60. */
const MAX_ID_CHARACTERS = 500;

/** vCenter refuses to list more than 4000 machines, and the appliance more than 1000 tasks. */
const MAX_ITEMS = 5_000;

/**
 * A list whose bound is checked before its elements: each wrong element makes an object that describes it,
 * which would be many times the size of the reply.
 */
export const list = <T extends z.ZodType>(item: T, most = MAX_ITEMS) =>
  z.array(z.unknown()).max(most).pipe(z.array(item));

/** A list as far as its items read. */
export interface Items<T> {
  readonly items: readonly T[];
  /** Items without a readable id: what they are is not known. */
  readonly unread: number;
}

/** What a list call found. */
export interface Listed<T> {
  readonly items: readonly T[];
  /** Set where items have no readable id: what is not among the others may be one of those. */
  readonly unread?: VsphereError;
}

/** The parts of one list. `failure` makes the error that names what is wrong with it. */
export function joined<T>(parts: readonly Items<T>[], failure: (what: string) => VsphereError): Listed<T> {
  const items = parts.flatMap((part) => part.items);
  const unread = parts.reduce((sum, part) => sum + part.unread, 0);
  if (unread === 0) return { items };
  return {
    items,
    unread: failure(`has ${unread} of ${items.length + unread} items without a readable id`),
  };
}

/** All items, where each has an id. Throws where one has none, because it may be the one that matters. */
export function whole<T>({ items, unread }: Listed<T>): readonly T[] {
  if (unread !== undefined) throw unread;
  return items;
}

/** A list that is read item by item: one that does not read hides no other. */
export const items = <T>(item: z.ZodType<T>, most = MAX_ITEMS) =>
  z
    .array(z.unknown())
    .max(most)
    .transform((values): Items<T> => {
      const read = values.flatMap((value) => item.safeParse(value).data ?? []);
      return { items: read, unread: values.length - read.length };
    });

/** A field of which what does not read must be told from what is missing. */
export const anything = z.unknown().optional();

/** A field that is used where it reads, and stops nothing where it does not. */
export const ifReadable = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** A name: never empty. */
export const text = z.string().min(1).max(MAX_TEXT_CHARACTERS);

/** An id: it ends up in paths, logs and commands to be pasted, so what no id has makes the reply malformed. */
export const id = text
  .max(MAX_ID_CHARACTERS)
  .regex(new RegExp(String.raw`^(?!\.{1,2}$)[^${NEVER_SHOWN}]*$`, 'u'), 'no id');

/** RFC 3339 with offset. Kept as the server wrote it. */
export const dateTime = z.iso.datetime({ offset: true });

/** Vapi.Std.LocalizableMessage, read as its English text. */
export const localizableText = z
  .object({ default_message: z.string() })
  .transform((message) => message.default_message);

/** A session id goes into a header: anything else than printable ASCII would be refused there. */
export const sessionId = z.string().regex(/^[\x21-\x7e]{1,4096}$/);

/** Query filters by parameter name. Several values of one name are written one after another (`vms=a&vms=b`). */
export type Filters = Readonly<Record<string, readonly string[] | undefined>>;

export interface CallTarget {
  /** Path segments, not yet encoded. */
  readonly path: readonly string[];
  readonly filters?: Filters;
  /** The filter of ids that may be spread over several calls when they do not fit one request line. */
  readonly splitBy?: string;
  /** Filters of which the server wants at least one. */
  readonly needsOneOf?: readonly string[];
}

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
  /** What the body of a good reply must be. `null` when there must be none. */
  readonly reply: z.ZodType<T> | null;
  /** What an empty good reply says, where that is not a mistake. */
  readonly emptyMeans?: 'unauthenticated';
  /** A login: a refusal is one of the account, whatever the server calls it. */
  readonly login?: true;
  /** True for calls that need no session. */
  readonly anonymous?: boolean;
}

/** What every call takes last. */
export interface CallOptions {
  /** Sent as `X-Request-ID`, so that a call can be found in the server's log. Printable ASCII, at most 200 characters. */
  requestId?: string;
  /** Gives the call up. What the server does with a call already sent is not undone. */
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
