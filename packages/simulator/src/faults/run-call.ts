import type { Reply, Call } from '../http/operation';
import type { Clock } from '../world/clock';
import type { Ids } from '../world/ids';
import { type FaultAction, type ReplacingAction, isReplacing, type FaultRule } from './fault-rules';

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

/** What the release of a held call says: do this instead, or (undefined) go on. */
export type Release = FaultAction | undefined;

interface Held {
  readonly hold: string;
  readonly call: Call;
  readonly position: string;
  readonly sinceMs: number;
  readonly release: (release: Release) => void;
}

/** The calls that wait for somebody to release them. */
export class Holds {
  private readonly byId = new Map<string, Held>();

  constructor(
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** Holds the call; resolves with what its release says. */
  hold(call: Call, position: string): Promise<Release> {
    return new Promise((resolve) => {
      const hold = this.ids.hold();
      this.byId.set(hold, { hold, call, position, sinceMs: this.clock.now(), release: resolve });
    });
  }

  /** False when nothing is held under this id. */
  release(hold: string, release: Release): boolean {
    const held = this.byId.get(hold);
    this.byId.delete(hold);
    held?.release(release);
    return held !== undefined;
  }

  describe() {
    return [...this.byId.values()].map(({ hold, call, position, sinceMs }) => ({
      hold,
      operation: call.operation,
      call: call.id,
      position,
      since: new Date(sinceMs).toISOString(),
      ...(call.params['vm'] === undefined ? {} : { vm: call.params['vm'] }),
      ...(call.requestId === undefined ? {} : { requestId: call.requestId }),
    }));
  }
}
