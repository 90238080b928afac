import { z } from 'zod';

const outcome = z.enum([
  'succeeded',
  'failed',
  'cancelled',
  'terminated',
  'needs-decision',
  'blocked',
  'overdue',
  'queued',
]);
export type Outcome = z.infer<typeof outcome>;

const operation = z.enum(['clone', 'revert']);
export type PlannedOperation = z.infer<typeof operation>;

const request = z.strictObject({
  requestId: z.string(),
  operation,
  connection: z.string(),
  vm: z.string(),
  snapshot: z.string(),
  name: z.string().optional(),
  /** How many callers ask for it. */
  attempts: z.int().min(1),
});
export type PlannedRequest = z.infer<typeof request>;

/** Everything that decides a round: the same plan is the same round, up to scheduling. */
export const planSchema = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  seed: z.int(),
  profile: z.enum(['test', 'production']),
  kind: z.enum(['window', 'sweep', 'matrix', 'hostile']),
  operation,
  /** Null in a sweep. */
  window: z.string().nullable(),
  fault: z.string(),
  /** Where it fires: `K12`, or in a sweep `rest 7 after` or `rpc 3 before`. */
  at: z.string(),
  requests: z.array(request).min(1),
  heals: z.boolean(),
  expect: z.strictObject({
    outcomes: z.array(outcome),
    failureTypes: z.array(z.string()).optional(),
    undecidable: z.boolean(),
    twoEffectsPossible: z.string().optional(),
  }),
  deadlineMs: z.int(),
  bounds: z.strictObject({ events: z.int(), calls: z.record(z.string(), z.int()) }),
});
export type Plan = z.infer<typeof planSchema>;
