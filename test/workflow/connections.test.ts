import { startSimulator } from '../../src/simulator/start-simulator';
import { Control } from '../rig/control';
import { eventually } from '../rig/eventually';
import { startRig, type Rig } from '../rig/start-rig';

/** More than the activity slots that one worker had before they were made plenty. */
const STUCK_REQUESTS = 150;

describe('a worker with two connections, one of which does not answer', () => {
  let rig: Rig;
  let dead: Awaited<ReturnType<typeof startSimulator>>;
  beforeAll(async () => {
    dead = await startSimulator({});
    rig = await startRig({
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
    await rig.stop();
    await dead.stop();
  });

  test('serves the other one within seconds', async () => {
    const control = new Control(dead.controlUrl);
    await control.fault({ operation: '*', position: 'never' });
    const request = { vm: 'web-01', snapshot: 'latest' };
    const stuck = await Promise.all(
      Array.from({ length: STUCK_REQUESTS }, (_, n) =>
        rig.snapflow.clone({ ...request, connection: `${rig.connection}-dead`, name: `stuck-${n}` }),
      ),
    );
    await eventually(
      'the dead site is being asked',
      async () => (await control.calls()).calls['vcenter.login'],
    );
    const askedAt = Date.now();
    const clone = await rig.snapflow.clone({ ...request, connection: rig.connection, name: 'alive' });
    await clone.result();
    expect(Date.now() - askedAt).toBeLessThan(8_000);
    await Promise.all(stuck.map((operation) => operation.cancel()));
    await Promise.allSettled(stuck.map((operation) => operation.result()));
  });
});
