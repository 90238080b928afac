import { sleep } from '@temporalio/workflow';
import type { Failure } from '../contract/failures';
import { goesOn, type Asker } from './growth';
import { Pauses } from './pauses';
import { toApplicationFailure } from './refusals';
import type { Stop } from './run';
import { startShown } from './status-texts';

interface Budgets {
  /** From then on a refused start shows as overdue. */
  readonly startBudgetMs: number;
  /** An undo that is refused for so long asks whether to go on. Absent: a start is tried for as long as there is room for it. */
  readonly undoBudgetMs?: number;
}

/** What a start does while it is refused: it waits, shows why, and asks rather than fill its history. */
export class RefusedStart {
  private readonly pauses = new Pauses();
  private readonly startedAt = Date.now();
  private refusedSince: number | undefined;

  constructor(
    private readonly context: Asker & { readonly stop: Stop },
    private readonly budgets: Budgets,
  ) {}

  /** Returns when it is to be tried again. Throws the refusal where an operator gives up. */
  async outlast(because: Failure, atLeastMs?: number): Promise<void> {
    const { status, stop } = this.context;
    const raised = stop.raised.catch(() => undefined);
    if (because.type === 'Unreachable') this.refusedSince = undefined;
    else this.refusedSince ??= Date.now();
    if (this.isToAsk) return this.ask(because, raised);
    const pauseMs = this.pauses.nextMs(because, atLeastMs);
    if (pauseMs === 0) return;
    status.set('start', startShown.refused(because.message, pauseMs, status), this.stateOf(because));
    if (this.pauses.isSteady) status.keepState();
    // Nothing is unknown while a run pauses after a refusal, unless it was before. Then the next decision looks first.
    await Promise.race([sleep(pauseMs, { summary: 'pause before the next start call' }), raised]);
  }

  /** Whether the next try goes before all others that wait at its connection. */
  get isFirstInLine(): boolean {
    return this.pauses.isFirstInLine;
  }

  /** An unreachable or failing server is blocked. A long capacity refusal is overdue. Neither ever fails by time. */
  private stateOf({ type }: Failure): 'blocked' | 'overdue' | 'running' {
    if (type === 'Unreachable') return 'blocked';
    return Date.now() - this.startedAt > this.budgets.startBudgetMs ? 'overdue' : 'running';
  }

  private get isToAsk(): boolean {
    return this.context.growth.isDue || this.isUndoRefused;
  }

  private get isUndoRefused(): boolean {
    const { undoBudgetMs = Infinity } = this.budgets;
    return this.refusedSince !== undefined && Date.now() - this.refusedSince >= undoBudgetMs;
  }

  private async ask(because: Failure, until: Promise<unknown>): Promise<void> {
    const said = because.message.replace(/\.$/, '');
    const isOfUndo = this.budgets.undoBudgetMs !== undefined;
    const question = isOfUndo
      ? ({ about: 'undo', phase: 'compensate', why: `the undo is refused: ${said}` } as const)
      : ({
          about: 'history',
          phase: 'start',
          why: `${this.context.growth.why}; the start is refused: ${said}`,
        } as const);
    if (!(await goesOn(this.context, { ...question, candidates: [], until })))
      throw toApplicationFailure(because);
    this.refusedSince = undefined;
  }
}
