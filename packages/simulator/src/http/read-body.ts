import type { z } from 'zod';
import { VapiError } from './vapi-error';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new VapiError('INVALID_ARGUMENT', 'The body is not JSON.');
  }
}

/** The body in its documented shape, or INVALID_ARGUMENT naming the first field that is wrong. */
export function readBody<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || 'body';
  throw new VapiError('INVALID_ARGUMENT', `${field}: ${issue?.message}`, [field]);
}
