import { z } from 'zod';

/** A property that the server may leave out or, as the official description allows, set to null. */
export const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

/** An id or name: never empty. */
export const text = z.string().min(1);

/** RFC 3339 with offset; kept as the server wrote it. */
export const dateTime = z.iso.datetime({ offset: true });

/** Vapi.Std.LocalizableMessage, read as its English text. */
export const localizableText = z
  .object({ default_message: z.string() })
  .transform((message) => message.default_message);
