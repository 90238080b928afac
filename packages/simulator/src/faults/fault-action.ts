import { z } from 'zod';

/** Longest wait that a rule may ask for: an hour outlasts every deadline of a client. */
const MAX_WAIT_MS = 3_600_000;

export const waitMsSchema = z.number().int().min(0).max(MAX_WAIT_MS);

const ownReplySchema = z.enum(['reset', 'html', 'truncate', 'huge', 'drip', 'redirect']);
const statusSchema = z.strictObject({
  status: z.number().int().min(200).max(599),
  errorType: z.string().min(1).max(100).optional(),
});

/** What a fault does in place of the effect or of the reply. */
export const faultActionSchema = z.union([
  statusSchema,
  ownReplySchema,
  z.literal('repeat'),
  z.strictObject({ delayMs: waitMsSchema }),
  z.literal('hold'),
]);

export type FaultAction = z.infer<typeof faultActionSchema>;

/** The actions that answer by themselves, so that no reply of the operation is sent. */
export type ReplacingAction = z.infer<typeof ownReplySchema> | z.infer<typeof statusSchema>;

export function isReplacing(action: FaultAction): action is ReplacingAction {
  return typeof action === 'object' ? 'status' in action : action !== 'repeat' && action !== 'hold';
}
