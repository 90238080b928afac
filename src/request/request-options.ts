import { z } from 'zod';
import { reference } from './text';

/** Longer than any operation; a larger number is a unit mixed up. */
export const MAX_DEADLINE_MS = 30 * 24 * 60 * 60 * 1000;

const connectionError = 'a connection name of up to 63 letters, digits, dots, dashes and underscores';
const deadlineError = `a whole number of milliseconds between 1 and ${MAX_DEADLINE_MS} (30 days)`;

/** Schema of a connection's name. It is part of the workflow id, so it is kept plain. */
export const connectionName = z
  .string({ error: connectionError })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, { error: connectionError });

/** The fields that every request has. */
export const requestOptions = {
  connection: connectionName.exactOptional(),
  cluster: reference('a cluster name or id').exactOptional(),
  whenBusy: z.enum(['wait', 'fail'], { error: 'wait or fail' }).exactOptional(),
  deadlineMs: z
    .int({ error: deadlineError })
    .min(1, { error: deadlineError })
    .max(MAX_DEADLINE_MS, { error: deadlineError })
    .exactOptional(),
  onCancel: z.enum(['undo', 'keep'], { error: 'undo or keep' }).exactOptional(),
};
