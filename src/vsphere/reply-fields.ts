import { z } from 'zod';

/** A property that the server may leave out or, as the official description allows, set to null. */
export const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

/** A name has at most 80 characters, 240 where they are escaped; what is far longer would not fit a history. */
const MAX_TEXT_CHARACTERS = 2_000;
/** Ids of tasks have about 60. */
const MAX_ID_CHARACTERS = 500;

/** vCenter refuses to list more than 4000 machines, and the appliance more than 1000 tasks. */
const MAX_ITEMS = 5_000;

/**
 * A list with a bound that is looked at before its elements are: each wrong element makes an object that describes it,
 * which would be many times the size of the reply.
 */
export const list = <T extends z.ZodType>(item: T, most = MAX_ITEMS) =>
  z.array(z.unknown()).max(most).pipe(z.array(item));

/** A name: never empty. */
export const text = z.string().min(1).max(MAX_TEXT_CHARACTERS);

/** An id: it ends up in paths, logs and commands to be pasted, so what no id has makes the reply malformed. */
export const id = text
  .max(MAX_ID_CHARACTERS)
  .regex(/^(?!\.{1,2}$)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'no id');

/** RFC 3339 with offset; kept as the server wrote it. */
export const dateTime = z.iso.datetime({ offset: true });

/** Vapi.Std.LocalizableMessage, read as its English text. */
export const localizableText = z
  .object({ default_message: z.string() })
  .transform((message) => message.default_message);
