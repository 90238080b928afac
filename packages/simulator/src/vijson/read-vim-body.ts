import { z } from 'zod';
import { VimFault } from '../http/vim-fault';

/** The body in its documented shape, or the fault InvalidRequest. */
export function readVimBody<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new VimFault('InvalidRequest');
  }
}

/** A body need not name its type. Clients that do give the name of the method, or that of its request type. */
export const requestOf = (method: string) => z.enum([method, `${method}RequestType`]).optional();
