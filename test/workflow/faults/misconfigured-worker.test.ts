import { endOf, openFaultEnvironment, type FaultEnvironment } from './fault-environment';

let env: FaultEnvironment;
beforeAll(async () => {
  env = await openFaultEnvironment({ simulator: { cloneMs: 4_000 } });
});
afterAll(() => env.close());

test('a clone that waits while only a worker without its connection runs shows as blocked, and goes on', async () => {
  const clone = await env.clone('handed-over');
  const taskId = await env.taskOf(clone);
  await env.stopWorkers();
  await env.startWorkers('another-connection');
  await env.condition(clone, 'blocked');
  await env.stopWorkers();
  await env.startWorkers();
  expect(await endOf(clone)).toMatchObject({ result: { taskId } });
  expect(await env.cloneEffects('handed-over')).toEqual(['clone']);
});
