import { z } from 'zod';
import { RESOLUTION_KINDS, type Question, type Resolution, type ResolveInput } from '../contract/resolve';

const KINDS: { readonly [Kind in Resolution['kind']]: z.ZodType<Extract<Resolution, { kind: Kind }>> } = {
  task: z.strictObject({ kind: z.literal('task'), taskId: z.string().min(1) }),
  vm: z.strictObject({ kind: z.literal('vm'), vmId: z.string().min(1) }),
  done: z.strictObject({ kind: z.literal('done') }),
  repeat: z.strictObject({ kind: z.literal('repeat') }),
  abandon: z.strictObject({ kind: z.literal('abandon') }),
};

/** Schema of `ResolveInput`, the one argument of the update `resolve`. */
export const resolveInput: z.ZodType<ResolveInput> = z
  .strictObject({
    runId: z.string(),
    question: z.int().min(1),
    resolution: z.union([KINDS.task, KINDS.vm, KINDS.done, KINDS.repeat, KINDS.abandon]),
  })
  .meta({ title: 'ResolveInput' });

/** Schema of `Question`, which a run in `needs-decision` has in its memo. */
export const question: z.ZodType<Question> = z
  .object({
    runId: z.string(),
    question: z.int().min(1),
    why: z.string(),
    candidates: z.array(z.string()),
    answers: z.array(z.enum(RESOLUTION_KINDS)),
  })
  .meta({ title: 'Question' });
