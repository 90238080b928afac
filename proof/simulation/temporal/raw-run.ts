import { defaultPayloadConverter } from '@temporalio/common';

/** What a fake of the server knows of a run that visibility lists. */
interface VisibleRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly type?: string;
  readonly startMs: number;
  readonly closeMs?: number | undefined;
  readonly parent?: { readonly workflowId: string; readonly runId: string } | undefined;
  readonly memo?: Readonly<Record<string, unknown>>;
}

/** `WorkflowExecutionStatus`. Who lists runs here asks when they closed, not how. */
const RUNNING = 1;
const COMPLETED = 2;

const timeOf = (ms: number) => ({ seconds: Math.floor(ms / 1_000), nanos: (ms % 1_000) * 1_000_000 });

/** A run as Temporal's service lists it, for every fake of that. */
export const rawRun = ({ workflowId, runId, type, startMs, closeMs, parent, memo = {} }: VisibleRun) => ({
  execution: { workflowId, runId },
  type: { name: type ?? '' },
  status: closeMs === undefined ? RUNNING : COMPLETED,
  startTime: timeOf(startMs),
  closeTime: closeMs === undefined ? null : timeOf(closeMs),
  parentExecution: parent ?? null,
  memo: {
    fields: Object.fromEntries(
      Object.entries(memo).map(([key, value]) => [key, defaultPayloadConverter.toPayload(value)]),
    ),
  },
});
