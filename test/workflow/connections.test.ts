import { startSimulator } from '../../packages/simulator/src/start-simulator';
import { Control } from '../environment/control';
import { eventually } from '../environment/eventually';
import { openEnvironment } from '../environment/open-environment';
import type { ThreadEnvironment } from '../environment/threads';

/** More than the activity slots that one worker had before they were made plenty. */
const STUCK_REQUESTS = 120;
// 120 histories are replayed at its end.
jest.setTimeout(120_000);
const SOURCE = { vm: 'web-01', snapshot: 'latest' };

describe('a worker with two connections, one of which does not answer', () => {
  let env: ThreadEnvironment;
  let dead: Awaited<ReturnType<typeof startSimulator>>;
  beforeAll(async () => {
    dead = await startSimulator({});
    env = await openEnvironment({
      as: 'threads',
      alsoConnected: () => ({
        dead: {
          vcenterUrl: dead.vcenterUrl,
          applianceUrl: dead.applianceUrl,
          username: dead.username,
          password: dead.password,
        },
      }),
    });
  });
  afterAll(async () => {
    await env.close();
    await dead.stop();
  });

  test('serves the other one as before', async () => {
    const control = new Control(dead.controlUrl);
    const aloneMs = await cloneMs('alone');
    await control.fault({ operation: '*', position: 'never' });
    const stuck = await Promise.all(
      Array.from({ length: STUCK_REQUESTS }, (_, n) =>
        env.snapflow.clone({ ...SOURCE, connection: `${env.connection}-dead`, name: `stuck-${n}` }),
      ),
    );
    // Starting so many is work of its own, which is not what the other connection's clone is to be measured in.
    for (const { workflowId } of stuck)
      await eventually(`${workflowId} is checked`, () => isChecked(workflowId), 60_000);
    expect((await control.calls()).calls['vijson.hello']).toBeGreaterThan(0);
    // Each call to the dead site is given up after 10 s: who waits behind one is later by that at least.
    expect(await cloneMs('beside')).toBeLessThan(2 * aloneMs + 8_000);
    await Promise.all(stuck.map((operation) => operation.cancel()));
    await Promise.allSettled(stuck.map((operation) => operation.result()));
  });

  async function isChecked(workflowId: string): Promise<boolean> {
    const { raw } = await env.temporal.workflow.getHandle(workflowId).describe();
    return (raw.pendingActivities ?? []).some(({ lastStartedTime }) => Boolean(lastStartedTime));
  }

  async function cloneMs(name: string): Promise<number> {
    const from = performance.now();
    await (await env.snapflow.clone({ ...SOURCE, connection: env.connection, name })).result();
    return performance.now() - from;
  }
});
