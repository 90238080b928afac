import { type RunningSimulator, startSimulator } from '../../packages/simulator/src/start-simulator';
import { Control, type FaultRule } from '../environment/control';
import { eventually } from '../environment/eventually';
import { openEnvironment } from '../environment/open-environment';
import type { ThreadEnvironment } from '../environment/threads';

const MISBEHAVIOURS = ['html', 'truncate', 'huge', 'never', 'status'] as const;
type Misbehaviour = (typeof MISBEHAVIOURS)[number];

let env: ThreadEnvironment;
const sites = new Map<Misbehaviour, RunningSimulator>();
const controlOf = (key: Misbehaviour) => new Control(sites.get(key)!.controlUrl);

beforeAll(async () => {
  for (const key of MISBEHAVIOURS) sites.set(key, await startSimulator({ cloneMs: 2_000 }));
  const connections = [...sites].map(
    ([key, { vcenterUrl, applianceUrl, username, password }]) =>
      [key, { vcenterUrl, applianceUrl, username, password, callDeadlineMs: 1_500 }] as const,
  );
  env = await openEnvironment({ as: 'threads', alsoConnected: () => Object.fromEntries(connections) });
});

afterAll(async () => {
  await env.close();
  for (const site of sites.values()) await site.stop();
});

const clone = (key: Misbehaviour, name: string) =>
  env.snapflow.clone({ connection: `${env.connection}-${key}`, vm: 'web-01', snapshot: 'latest', name });
const all = <T>(body: (key: Misbehaviour) => Promise<T>) => Promise.all(MISBEHAVIOURS.map(body));

/** From now on every reply about tasks is wrong in this way; heal with `DELETE /faults`, or the task's true status. */
async function misbehave(key: Misbehaviour, taskId: string, operations: readonly string[]): Promise<void> {
  const control = controlOf(key);
  if (key === 'status') return void (await control.task(taskId, { status: 'SHELVED' }));
  const rule: Omit<FaultRule, 'operation'> =
    key === 'never' ? { position: 'never' } : { position: 'after', action: key };
  for (const operation of operations) await control.fault({ operation, ...rule });
}

async function heal(key: Misbehaviour, taskId: string): Promise<void> {
  const control = controlOf(key);
  if (key === 'status') await control.task(taskId, { status: 'RUNNING' });
  await control.call('DELETE', '/faults');
}

test('that misbehave during the wait block it, and it goes on when they are healed', async () => {
  await all(async (key) => {
    const operation = await clone(key, 'waiting');
    const taskId = await eventually(
      `${key}: the clone waits for its task`,
      async () => (await operation.describe()).taskId,
    );
    await misbehave(key, taskId, ['tasks.list', 'tasks.get']);
    await eventually(
      `${key}: it is blocked`,
      async () => (await operation.describe()).condition === 'blocked',
    );
    await heal(key, taskId);
    const { vmId } = await operation.result();
    expect(await controlOf(key).ledger()).toEqual([
      expect.objectContaining({ kind: 'clone', name: 'waiting', task: taskId, resultVm: vmId }),
    ]);
  });
});
