import type { WorkflowExecutionInfo } from '@temporalio/client';
import { temporalCall } from './temporal-call';
import type { TemporalLink } from './temporal-link';

/** The first so many runs that a visibility query finds, and whether there are more. */
export const firstRuns = (
  link: TemporalLink,
  query: string,
  most: number,
  signal?: AbortSignal,
): Promise<{ readonly runs: readonly WorkflowExecutionInfo[]; readonly more: boolean }> =>
  temporalCall(
    link,
    async () => {
      const runs: WorkflowExecutionInfo[] = [];
      for await (const run of link.client.workflow.list({ query, pageSize: most + 1 })) {
        if (runs.length === most) return { runs, more: true };
        runs.push(run);
      }
      return { runs, more: false };
    },
    signal,
  );
