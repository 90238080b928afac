import { z } from 'zod';
import { planSchema } from '../judge/evidence/plan';

/** What a run of rounds must have seen at least once, or its rounds miss what they are for. */
export const SOMETIMES = [
  'adopted',
  'waited for visibility',
  'posted again',
  'undone',
  'attached',
  'needs-decision',
] as const;

const roundResult = z.strictObject({
  plan: planSchema,
  /** `end`: a sweep's last index, where nothing fired any more. `broken`: the harness failed, which is no pass. */
  verdict: z.enum(['pass', 'violation', 'void', 'end', 'broken']),
  /** Checks that were violated, and why. */
  violations: z.array(z.strictObject({ id: z.string(), because: z.string() })),
  sometimes: z.array(z.enum(SOMETIMES)).readonly(),
  /** How the first request stood at the end. */
  outcome: z.string(),
  wallMs: z.int(),
});
export type RoundResult = z.infer<typeof roundResult>;
