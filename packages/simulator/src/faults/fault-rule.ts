import { z } from 'zod';
import { OPERATION_NAMES } from '../http/operation-name';
import { faultActionSchema, isReplacing, waitMsSchema } from './fault-action';

/** A call of the control API, made when the faulty call arrives. */
const controlCallSchema = z.strictObject({
  method: z.enum(['GET', 'POST', 'PATCH', 'DELETE']).default('POST'),
  path: z.string().startsWith('/').max(500),
  body: z.unknown().optional(),
});

export type ControlCall = z.infer<typeof controlCallSchema>;

/** The body of `POST /faults`. */
export const faultRuleSchema = z
  .strictObject({
    operation: z.enum([...OPERATION_NAMES, '*']),
    position: z.enum(['before', 'after', 'late', 'never']).default('before'),
    action: faultActionSchema.optional(),
    lateMs: waitMsSchema.optional(),
    count: z.number().int().min(1).optional(),
    skip: z.number().int().min(0).default(0),
    probability: z.number().min(0).max(1).default(1),
    vm: z.string().min(1).optional(),
    do: controlCallSchema.optional(),
  })
  .superRefine((rule, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message });
    if (rule.position === 'late' && rule.action !== undefined && !isReplacing(rule.action))
      refuse('late cuts the caller off, so its action must answer or reset');
    if (rule.position === 'late' && rule.lateMs === undefined) refuse('late needs lateMs');
    if (rule.position !== 'late' && rule.lateMs !== undefined) refuse('lateMs goes with position late only');
    if (rule.position === 'never' && rule.action !== undefined) refuse('never takes no action');
    if (rule.position === 'after' && rule.action === undefined) refuse('after needs an action');
    if (rule.position === 'before' && rule.action === undefined && rule.do === undefined)
      refuse('a rule needs an action or a do');
  });

export type FaultSpec = z.output<typeof faultRuleSchema>;

/** A rule with its counters. */
export interface FaultRule extends FaultSpec {
  readonly rule: string;
  /** Calls that matched operation and VM. */
  matched: number;
  fired: number;
  /** Status that the last `do` was answered with. */
  doStatus?: number;
}
