import type { OperationHandle } from '../../src/client';
import type { Scene } from '../workflow/faults/scene';
import type { Recorder } from './recorder';

/** Makes one thing happen and keeps the histories of it. */
export type Scenario = (recorder: Recorder, name: string) => Promise<void>;

/** The event of the run's n-th workflow task, counted from 0: what `temporal workflow reset` takes. */
export async function resetPoint(scene: Scene, { workflowId }: OperationHandle, n: number): Promise<number> {
  const tasks = (await scene.events(workflowId)).filter(
    (event) => event.workflowTaskCompletedEventAttributes,
  );
  return Number(tasks[n]?.eventId);
}
