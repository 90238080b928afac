import { z } from 'zod';

/** A property that the server may leave out or, as the official description allows, set to null. */
export const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

/** A name has at most 80 characters, 240 where they are escaped; what is far longer would not fit a history. */
const MAX_TEXT_CHARACTERS = 2_000;
/** Ids of tasks have about 60. */
const MAX_ID_CHARACTERS = 500;

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
