import type { MetricMeter } from '@temporalio/common';
import { FAILURES } from '../contract/failure';
import { METRICS } from '../contract/metrics';
import { WORKFLOWS, type Operation } from '../contract/names';
import type { Condition } from '../contract/progress';

const WORKFLOW_OF: Readonly<Record<Operation, string>> = {
  clone: WORKFLOWS.linkedCloneVm,
  revert: WORKFLOWS.revertVm,
};
/** A run that needs a decision has not ended. */
const ENDS = Object.keys(FAILURES).filter((type) => type !== 'NeedsDecision');
const CONDITIONS: readonly Condition[] = ['queued', 'overdue', 'blocked', 'compensating', 'needs-decision'];

/**
 * Lets what is alerted on begin at zero: a counter that appears with a one has not increased for Prometheus, so the
 * first incomplete compensation after a restart would go unseen. The tags are those that the SDK gives to a workflow's.
 */
export function zeroCounters(
  meter: MetricMeter,
  of: { readonly namespace: string; readonly taskQueue: string; readonly connections: readonly string[] },
): void {
  const { namespace, taskQueue } = of;
  const { operations, conditions, logins } = METRICS;
  const ended = meter.createCounter(operations.name, undefined, operations.help);
  const entered = meter.createCounter(conditions.name, undefined, conditions.help);
  for (const [operation, workflowType] of Object.entries(WORKFLOW_OF)) {
    const tags = { namespace, taskQueue, workflowType, operation };
    for (const outcome of ['succeeded', ...ENDS]) ended.add(0, { ...tags, outcome });
    for (const condition of CONDITIONS) entered.add(0, { ...tags, condition });
  }
  const loggedIn = meter.createCounter(logins.name, undefined, logins.help);
  for (const connection of of.connections)
    for (const outcome of ['ok', 'login-refused', 'withheld']) loggedIn.add(0, { connection, outcome });
}
