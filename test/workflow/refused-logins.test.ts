import { eventually } from '../environment/eventually';
import { failureOf } from './failure-of';
import { openEnvironment } from '../environment/open-environment';
import type { ThreadEnvironment } from '../environment/threads';

/** A refused login is not tried again within a minute, and a wait that is blocked asks every half minute. */
jest.setTimeout(240_000);

const ADMINISTRATOR = 'administrator@vsphere.local';
const FIRST = 'the-first-password';
const SECOND = 'the-second-password';

describe('a password that is changed on the server while an operation waits', () => {
  let env: ThreadEnvironment;
  let configured = FIRST;
  beforeAll(async () => {
    env = await openEnvironment({
      as: 'threads',
      simulator: { password: FIRST, cloneMs: 2_000 },
      password: async () => configured,
    });
  });
  afterAll(() => env.close());

  const clone = (name: string) =>
    env.snapflow.clone({ connection: env.connection, vm: 'web-01', snapshot: 'latest', name });
  const logins = async () => {
    const { calls } = await env.control.calls();
    return (calls['vcenter.login'] ?? 0) + (calls['appliance.login'] ?? 0);
  };

  test('is tried once a minute at most, and the operation goes on when the configured one is right', async () => {
    const waiting = await clone('waiting');
    const taskId = await eventually('it waits for its task', async () => (await waiting.describe()).taskId);
    await env.control.user(ADMINISTRATOR, { password: SECOND });
    await env.control.expireSessions();
    const before = await logins();
    await eventually('it is blocked', async () => (await waiting.describe()).condition === 'blocked');
    const refusedAt = Date.now();
    for (const name of ['refused-1', 'refused-2', 'refused-3']) {
      const { type, message, exitCode } = await failureOf(await clone(name));
      expect({ type, exitCode }).toEqual({ type: 'Unauthenticated', exitCode: 4 });
      expect(message).toContain("correct the connection's username and password");
      expect(message).not.toContain(FIRST);
    }
    configured = SECOND;
    expect((await waiting.describe()).condition).toBe('blocked');
    expect((await logins()) - before).toBe(1);
    const { vmId } = await waiting.result();
    expect(Date.now() - refusedAt).toBeGreaterThan(45_000);
    // The refused one, then one on each host.
    expect((await logins()) - before).toBeLessThanOrEqual(3);
    expect(await env.control.ledger()).toEqual([
      expect.objectContaining({ kind: 'clone', name: 'waiting', task: taskId, resultVm: vmId }),
    ]);
    await (await clone('afterwards')).result();
  });
});
