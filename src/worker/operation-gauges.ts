import type { MetricMeter } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import type { Sites } from '../activities/site';
import { SEARCH_ATTRIBUTES, WORKFLOWS } from '../contract/names';
import type { Condition } from '../contract/progress';
import type { Log } from './install-runtime';
import { METRICS } from '../contract/metrics';

/** As often as a scraper usually asks. */
const READ_EVERY_MS = 15_000;
/** Six short counts; a server that is slower is asked again at the next turn. */
const READ_WITHIN_MS = 10_000;

/** In the order of their urgency. */
const STATES = [
  'needs-decision',
  'blocked',
  'overdue',
  'compensating',
  'queued',
] as const satisfies readonly Condition[];

export interface GaugeSources {
  readonly meter: MetricMeter;
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly sites: Sites;
  readonly log: Log;
}

/**
 * Keeps the gauges up to date until the returned function is called. How many operations are open in which state is
 * asked of Temporal, since they move between workers and outlive them: each worker tells the same of its task queue.
 */
export function startOperationGauges(sources: GaugeSources): () => void {
  const { meter, sites } = sources;
  const watched = meter.createGauge(METRICS.watchedTasks.name, 'int', undefined, METRICS.watchedTasks.help);
  const readOpen = openOperations(sources);
  const read = (): void => {
    for (const { name, watcher } of sites.values()) watched.set(watcher.size, { connection: name });
    void readOpen();
  };
  read();
  const timer = setInterval(read, READ_EVERY_MS);
  return () => clearInterval(timer);
}

/** Reads them once; while one read is under way another is left out. Never rejects: a failed read shows as an old one. */
function openOperations({ meter, connection, namespace, taskQueue, log }: GaugeSources): () => Promise<void> {
  const { openOperations, openOperationsReadAt } = METRICS;
  const open = meter.createGauge(openOperations.name, 'int', undefined, openOperations.help);
  const readAt = meter.createGauge(openOperationsReadAt.name, 'int', undefined, openOperationsReadAt.help);
  const count = async (more: string): Promise<number> => {
    const query = `TaskQueue = ${quoted(taskQueue)} AND ExecutionStatus = "Running" AND ${OPERATIONS}${more}`;
    const { count } = await connection.workflowService.countWorkflowExecutions({ namespace, query });
    return Number(count);
  };
  const inState = (state: Condition) => count(` AND ${SEARCH_ATTRIBUTES.state} = "${state}"`);
  let reading = false;
  let failing = false;
  return async () => {
    if (reading) return;
    reading = true;
    try {
      const [all, ...counts] = await connection.withDeadline(Date.now() + READ_WITHIN_MS, () =>
        Promise.all([count(''), ...STATES.map(inState)]),
      );
      STATES.forEach((state, index) => open.set(counts[index] ?? 0, { state }));
      // Counted one after the other, so the rest may be off by what changed in between, but is never below none.
      open.set(
        Math.max(
          0,
          counts.reduce((rest, each) => rest - each, all),
        ),
        { state: 'running' },
      );
      readAt.set(Math.floor(Date.now() / 1_000));
      failing = false;
    } catch (error) {
      if (!failing)
        log.warn(`open operations cannot be counted for the metrics: ${(error as Error).message}`);
      failing = true;
    } finally {
      reading = false;
    }
  };
}

const OPERATIONS = `WorkflowType IN ("${WORKFLOWS.linkedCloneVm}", "${WORKFLOWS.revertVm}")`;

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
