import type { OperationHandle } from '../../src/client';
import type { FaultEnvironment } from '../workflow/faults/fault-environment';
import type { Recorder } from './recorder';

/** Makes one thing happen and keeps the histories of it. */
export type Scenario = (recorder: Recorder, name: string) => Promise<void>;

/** The event of the run's n-th workflow task, counted from 0: what `temporal workflow reset` takes. */
export async function resetPoint(
  env: FaultEnvironment,
  { workflowId }: OperationHandle,
  n: number,
): Promise<number> {
  const tasks = (await env.events(workflowId)).filter((event) => event.workflowTaskCompletedEventAttributes);
  return Number(tasks[n]?.eventId);
}
