import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import { isCancellation, log, metricMeter, workflowInfo } from '@temporalio/workflow';
import { isFailureType } from '../contract/failure';
import { METRICS } from '../contract/metrics';
import { WORKFLOWS, type Operation } from '../contract/names';
import type { Condition, Phase } from '../contract/progress';

const MS_PER_S = 1_000;

const operation = (): Operation => (workflowInfo().workflowType === WORKFLOWS.revertVm ? 'revert' : 'clone');

/** What is counted of one run. Nothing is during a replay: the SDK sees to that. Labels come from closed lists. */
export class RunMetrics {
  private phase: { readonly name: Phase; readonly sinceMs: number } | undefined;

  entered(name: Phase): void {
    if (this.phase?.name === name) return;
    this.left();
    this.phase = { name, sinceMs: Date.now() };
  }

  /** A condition began: needs-decision, blocked, overdue and so on. */
  condition(condition: Condition): void {
    metricMeter
      .createCounter(METRICS.conditions.name, undefined, METRICS.conditions.help)
      .add(1, { operation: operation(), condition });
  }

  /** Counts the run's end, with `succeeded` or its failure type. */
  async until<T>(run: () => Promise<T>): Promise<T> {
    try {
      const result = await run();
      this.ended('succeeded');
      return result;
    } catch (error) {
      // Any other error fails the workflow task only, which is repeated: the run has not ended.
      if (error instanceof TemporalFailure) this.ended(outcomeOf(error));
      throw error;
    }
  }

  private ended(outcome: string): void {
    this.left();
    metricMeter
      .createCounter(METRICS.operations.name, undefined, METRICS.operations.help)
      .add(1, { operation: operation(), outcome });
    log.info('operation ended', { operation: operation(), outcome });
  }

  private left(): void {
    if (this.phase === undefined) return;
    const { name, sinceMs } = this.phase;
    this.phase = undefined;
    // A workflow's clock is that of its server, which may have been set back.
    const seconds = Math.max(0, Date.now() - sinceMs) / MS_PER_S;
    const { phaseDuration } = METRICS;
    metricMeter
      .createHistogram(phaseDuration.name, 'float', 'seconds', phaseDuration.help)
      .record(seconds, { operation: operation(), phase: name });
  }
}

function outcomeOf(error: TemporalFailure): string {
  if (isCancellation(error)) return 'Cancelled';
  for (let cause: unknown = error; cause instanceof TemporalFailure; cause = cause.cause)
    if (cause instanceof ApplicationFailure && isFailureType(cause.type)) return cause.type;
  return 'other';
}
