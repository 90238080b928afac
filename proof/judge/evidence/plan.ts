import { z } from 'zod';

/** How a request can stand at the end of a round. */
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

const plannedRequest = z.strictObject({
  requestId: z.string().min(1),
  operation,
  connection: z.string(),
  /** Id of the source, or of the machine that is reverted. */
  vm: z.string(),
  /** Name, id, or `latest`. */
  snapshot: z.string(),
  name: z.string().optional(),
  /** Whether the machine's name is that one and a suffix that no other request has. */
  uniqueName: z.literal(true).optional(),
  /** How many callers ask for it. */
  attempts: z.int().min(1),
});
export type PlannedRequest = z.infer<typeof plannedRequest>;

/** What the model allows in this cell. */
const expectation = z.strictObject({
  outcomes: z.array(outcome),
  /** Types of failures that are as expected; any where it is left out. */
  failureTypes: z.array(z.string()).optional(),
  /** Whether looking cannot tell in this cell, so that an operator may be asked. */
  undecidable: z.boolean(),
  /** Why nobody can prevent a second effect here: it must then be seen by the product. */
  twoEffectsPossible: z.string().optional(),
  /** Why an undo may meet a machine that somebody changed: the call was on its way when that happened. */
  undoOnItsWay: z.string().optional(),
});

/**
 * `plan.json`: what a round is to do, and what may come of it. It is all that decides a round: the same plan is the same
 * round, up to scheduling. The harness plays by this very schema.
 */
export const planSchema = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  seed: z.int(),
  profile: z.enum(['test', 'production']),
  kind: z.enum(['window', 'sweep', 'matrix', 'hostile']),
  operation,
  /** Null in a sweep. */
  window: z.string().nullable(),
  /** `none` in a round without a fault. */
  fault: z.string(),
  /** Where it fires: `K12`, or in a sweep `rest 7 after` or `rpc 3 before`. */
  at: z.string(),
  requests: z.array(plannedRequest).min(1),
  /** Whether the fault ends within the round. */
  heals: z.boolean(),
  expect: expectation,
  deadlineMs: z.int().positive(),
  bounds: z.strictObject({ events: z.int(), calls: z.record(z.string(), z.int()) }),
});
export type Plan = z.infer<typeof planSchema>;
