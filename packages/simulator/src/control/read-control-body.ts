import type { z } from 'zod';
import { ControlError } from './control-error';

function parseJson(text: unknown): unknown {
  if (typeof text !== 'string' || text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError(400, 'The body is not JSON.');
  }
}

/** The body of a control call; an empty one is `{}`. Wrong fields are named in the answer. */
export function readControlBody<Schema extends z.ZodType>(schema: Schema, text: unknown): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ControlError(400, `${issue?.path.join('.') || 'body'}: ${issue?.message}.`);
}
