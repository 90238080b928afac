import type { Clock } from './clock';

type EffectKind = 'clone' | 'revert' | 'restore' | 'delete' | 'power' | 'snapshot';

/** Who caused an effect: the account and the simulator's id of the HTTP call. */
export interface Cause {
  readonly user: string;
  readonly call: string;
  /** The caller's `X-Request-ID`, when it sent one. */
  readonly requestId?: string | undefined;
}

export interface Effect {
  readonly kind: EffectKind;
  readonly vm: string;
  /** Name of the new VM, of the deleted VM or of the new snapshot. */
  readonly name?: string;
  readonly task?: string;
  readonly resultVm?: string;
  /** The snapshot cloned from, reverted to, restored from or taken. */
  readonly snapshot?: string;
  /** The state after an effect of kind `power`. */
  readonly power?: string;
}

export interface LedgerEntry extends Effect, Cause {
  readonly seq: number;
  readonly at: string;
}

/** Every effect at the moment when it really happened, in order; nothing is ever taken out. */
export class Ledger {
  private readonly entries: LedgerEntry[] = [];

  constructor(private readonly clock: Clock) {}

  write(effect: Effect, { user, call, requestId }: Cause): void {
    const seq = this.entries.length + 1;
    const at = new Date(this.clock.now()).toISOString();
    this.entries.push({ seq, at, ...effect, user, call, ...(requestId === undefined ? {} : { requestId }) });
  }

  all(): readonly LedgerEntry[] {
    return this.entries;
  }
}
