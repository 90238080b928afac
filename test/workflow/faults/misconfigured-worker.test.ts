import { endOf, Scene } from './scene';

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open({ simulator: { cloneMs: 4_000 } });
});
afterAll(() => scene.close());

test('a clone that waits while only a worker without its connection runs shows as blocked, and goes on', async () => {
  const clone = await scene.clone('handed-over');
  const taskId = await scene.taskOf(clone);
  await scene.rig.stopWorkers();
  await scene.rig.startWorkers('another-connection');
  await scene.condition(clone, 'blocked');
  await scene.rig.stopWorkers();
  await scene.rig.startWorkers();
  expect(await endOf(clone)).toMatchObject({ result: { taskId } });
  expect(await scene.cloneEffects('handed-over')).toEqual(['clone']);
});
