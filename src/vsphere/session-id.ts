import { z } from 'zod';

/** A session id goes into a header: anything else than printable ASCII would be refused there. */
export const sessionId = z.string().regex(/^[\x21-\x7e]{1,4096}$/);
