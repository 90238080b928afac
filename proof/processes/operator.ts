import type { Scene } from './scene';

/** What an operator does to the first request's run, beside the product. */
export const handleOf = (scene: Scene) => scene.temporal().workflow.getHandle(scene.workflowId('r1'));

export async function cancelRun(scene: Scene): Promise<void> {
  scene.evidence.journal('cancel-asked', { requestId: 'r1' });
  await handleOf(scene).cancel();
  scene.evidence.journal('cancel-accepted', { requestId: 'r1' });
}
