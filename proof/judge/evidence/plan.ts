import { z } from 'zod';

/** How a request can stand at the end of a round. */
export const OUTCOMES = [
  'succeeded',
  'failed',
  'cancelled',
  'terminated',
  'needs-decision',
  'blocked',
  'overdue',
  'queued',
] as const;
export const outcome = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof outcome>;

export const operation = z.enum(['clone', 'revert']);

export const plannedRequest = z.object({
  requestId: z.string().min(1),
  operation,
  connection: z.string(),
  /** Id of the source, or of the machine that is reverted. */
  vm: z.string(),
  /** Name, id, or `latest`. */
  snapshot: z.string(),
  name: z.string().optional(),
  /** Callers that ask for it. */
  attempts: z.number().int().nonnegative(),
});
export type PlannedRequest = z.infer<typeof plannedRequest>;

/** What the model allows in this cell. */
export const expectation = z.object({
  outcomes: z.array(outcome),
  /** Types of failures that are as expected; any where it is left out. */
  failureTypes: z.array(z.string()).optional(),
  /** Whether looking cannot tell in this cell, so that an operator may be asked. */
  undecidable: z.boolean(),
  /** Why nobody can prevent a second effect here: it must then be seen by the product. */
  twoEffectsPossible: z.string().optional(),
});

/** `plan.json`: what a round was to do, and what may come of it. */
export const plan = z.object({
  version: z.literal(1),
  id: z.string(),
  seed: z.number(),
  profile: z.enum(['test', 'production']),
  kind: z.enum(['window', 'sweep', 'matrix', 'hostile']),
  operation,
  window: z.string().nullable(),
  /** `none` in a round without a fault. */
  fault: z.string(),
  at: z.unknown(),
  requests: z.array(plannedRequest),
  /** Whether the fault ends within the round. */
  heals: z.boolean(),
  expect: expectation,
  deadlineMs: z.number().positive(),
  bounds: z.object({ events: z.number(), calls: z.record(z.string(), z.number()) }),
});
export type Plan = z.infer<typeof plan>;
