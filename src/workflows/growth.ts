import { workflowInfo } from '@temporalio/workflow';
import type { Phase } from '../contract/progress';
import type { QUESTIONS_TO_GO_ON } from '../contract/resolve';
import type { Operator } from './ask-operator';
import type { Status } from './status';
import { goingOnShown, startShown } from './status-texts';

/**
 * The server warns of a history from 10,240 events or 10 MB on. At five times that it ends the run, and nothing is undone.
 * A question costs some events itself.
 */
const EVENTS_A_QUESTION = 9_900;
const BYTES_A_QUESTION = 9_500_000;
/** After these there is no room for another share. */
const MOST_SHARES = 5;

/** How much of the history that the server allows is used. A run asks before each further share of it. */
export class Growth {
  private allowed = 1;

  get isDue(): boolean {
    return this.share >= this.allowed;
  }

  /** Whether the server would end the run before another question. */
  get isSpent(): boolean {
    return this.share >= MOST_SHARES;
  }

  /** One clause of a question. */
  get why(): string {
    const { historyLength, historySize } = workflowInfo();
    return `its history has ${historyLength} events (${Math.ceil(historySize / 1_000_000)} MB), and Temporal ends a run at 51200 (50 MB)`;
  }

  allowMore(): void {
    this.allowed = Math.floor(this.share) + 1;
  }

  private get share(): number {
    const { historyLength, historySize } = workflowInfo();
    return Math.max(historyLength / EVENTS_A_QUESTION, historySize / BYTES_A_QUESTION);
  }
}

/** What a run needs to ask whether it is to go on. */
export interface Asker {
  readonly status: Status;
  readonly operator: Operator;
  readonly growth: Growth;
}

interface GoingOn {
  readonly about: (typeof QUESTIONS_TO_GO_ON)[number];
  readonly phase: Phase;
  readonly why: string;
  /** What the run is stuck with: a task or a machine. */
  readonly candidates: readonly string[];
  /** Goes on without an answer once this settles. */
  readonly until?: Promise<unknown>;
}

/** Asks an operator: go on (`repeat`), or give up (`abandon`). @returns whether to go on */
export async function goesOn(
  { status, operator, growth }: Asker,
  { about, phase, why, candidates, until }: GoingOn,
): Promise<boolean> {
  const answers = growth.isSpent ? (['abandon'] as const) : (['repeat', 'abandon'] as const);
  const asked = { about, why, candidates, answers };
  status.set(phase, goingOnShown(asked, status), 'needs-decision');
  const { kind } = await operator.ask(asked, { until });
  status.set(phase, startShown.resolved());
  growth.allowMore();
  return kind !== 'abandon';
}
