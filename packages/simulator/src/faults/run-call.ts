import type { Reply } from '../http/operation';
import type { FaultAction, ReplacingAction } from './fault-action';
import { isReplacing } from './fault-action';
import type { FaultRule } from './fault-rule';
import type { Release } from './holds';

/** What happens to the caller: the operation's reply, a bad one, or silence. */
export type Outcome =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'bad'; readonly action: ReplacingAction; readonly reply: Reply | undefined }
  | { readonly kind: 'silence' };

export interface CallRun {
  /** Has the effect and gives the reply; may be called more than once. */
  readonly perform: () => Reply;
  readonly wait: (delayMs: number) => Promise<void>;
  readonly later: (delayMs: number, act: () => void) => void;
  readonly hold: (position: string) => Promise<Release>;
}

async function settleHold(run: CallRun, position: string, action: FaultAction): Promise<Release> {
  return action === 'hold' ? run.hold(position) : action;
}

async function before(run: CallRun, wanted: FaultAction): Promise<Outcome> {
  const action = await settleHold(run, 'before', wanted);
  if (action === undefined || action === 'hold') return { kind: 'reply', reply: run.perform() };
  if (isReplacing(action)) return { kind: 'bad', action, reply: undefined };
  if (action === 'repeat') run.perform();
  else await run.wait(action.delayMs);
  return { kind: 'reply', reply: run.perform() };
}

async function after(run: CallRun, wanted: FaultAction): Promise<Outcome> {
  const reply = run.perform();
  const action = await settleHold(run, 'after', wanted);
  if (action === undefined || action === 'hold') return { kind: 'reply', reply };
  if (isReplacing(action)) return { kind: 'bad', action, reply };
  if (action === 'repeat') return { kind: 'reply', reply: run.perform() };
  await run.wait(action.delayMs);
  return { kind: 'reply', reply };
}

function late(run: CallRun, rule: FaultRule): Outcome {
  run.later(rule.lateMs ?? 0, () => void run.perform());
  const action = rule.action !== undefined && isReplacing(rule.action) ? rule.action : 'reset';
  return { kind: 'bad', action, reply: undefined };
}

/** Runs a call under a rule, or without one. */
export async function runCall(run: CallRun, rule: FaultRule | undefined): Promise<Outcome> {
  if (rule?.position === 'never') return { kind: 'silence' };
  if (rule?.position === 'late') return late(run, rule);
  if (rule?.action === undefined) return { kind: 'reply', reply: run.perform() };
  return rule.position === 'before' ? before(run, rule.action) : after(run, rule.action);
}
