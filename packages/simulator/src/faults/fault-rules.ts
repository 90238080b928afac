import { z } from 'zod';
import { OPERATION_NAMES, type Call } from '../http/operation';
import { type Ids, seededRandom, type SeededRandom } from '../world/ids';

/** Longest wait that a rule may ask for: an hour outlasts every deadline of a client. */
const MAX_WAIT_MS = 3_600_000;

const waitMsSchema = z.number().int().min(0).max(MAX_WAIT_MS);

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

/** More rules than any plan holds; a bound so that a runaway script is told. */
const MAX_RULES = 1000;

/** The rules in the order in which they were added; random choices come from the seed. */
export class FaultRules {
  private rules: FaultRule[] = [];
  private readonly random: SeededRandom;

  constructor(
    private readonly ids: Ids,
    seed: number,
  ) {
    this.random = seededRandom(seed);
  }

  /** Adds a rule; undefined when there are too many. */
  add(spec: FaultSpec): FaultRule | undefined {
    if (this.rules.length >= MAX_RULES) return undefined;
    const rule: FaultRule = { ...spec, rule: this.ids.rule(), matched: 0, fired: 0 };
    this.rules.push(rule);
    return rule;
  }

  all(): readonly FaultRule[] {
    return this.rules;
  }

  clear(): void {
    this.rules = [];
  }

  /**
   * The rules that fire for this call: every rule that has only a `do`, up to and including the first one that
   * does something to the call itself.
   */
  fire(call: Call, vmNames: readonly string[]): FaultRule[] {
    const fired: FaultRule[] = [];
    for (const rule of this.rules) {
      if (!matchesCall(rule, call, vmNames) || !this.isDue(rule)) continue;
      rule.fired += 1;
      fired.push(rule);
      if (rule.action !== undefined || rule.position !== 'before') break;
    }
    return fired;
  }

  private isDue(rule: FaultRule): boolean {
    rule.matched += 1;
    if (rule.matched <= rule.skip) return false;
    if (rule.count !== undefined && rule.fired >= rule.count) return false;
    return rule.probability === 1 || this.random() < rule.probability;
  }
}

function matchesCall(rule: FaultRule, call: Call, vmNames: readonly string[]): boolean {
  if (rule.operation !== '*' && rule.operation !== call.operation) return false;
  return rule.vm === undefined || vmNames.includes(rule.vm);
}
