import { z } from 'zod';

/** Longest wait that a rule may ask for: an hour outlasts every deadline of a client. */
const MAX_WAIT_MS = 3_600_000;

export const waitMsSchema = z.number().int().min(0).max(MAX_WAIT_MS);

const ownReplySchema = z.enum(['reset', 'html', 'truncate', 'huge', 'drip', 'redirect', 'gzip', 'bom']);

/** Bodies of what stands before a server, such as a firewall or a gateway. None of them is the API's own. */
export const GATEWAY_BODIES = ['text', 'empty', 'html', 'legacy'] as const;

const statusSchema = z
  .strictObject({
    status: z.number().int().min(200).max(599),
    /** The `error_type` of a body of the API. */
    errorType: z.string().min(1).max(100).optional(),
    /** The last part of the id of its message, such as `too_many_matches`. */
    messageId: z.string().min(1).max(100).optional(),
    /** Instead of a body of the API. `text` unless there is an `errorType`. */
    body: z.enum(GATEWAY_BODIES).optional(),
    /** The header Retry-After. */
    retryAfter: z.string().max(100).optional(),
  })
  .refine(({ errorType, body }) => errorType === undefined || body === undefined, {
    message: 'errorType and body exclude each other',
  })
  .refine(({ errorType, messageId }) => errorType !== undefined || messageId === undefined, {
    message: 'messageId goes with errorType only',
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
