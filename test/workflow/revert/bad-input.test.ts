import { expectSentence } from '../expect-sentence';
import { failureOf } from '../failure-of';
import { openEnvironment } from '../../environment/open-environment';
import type { ThreadEnvironment } from '../../environment/threads';

interface Inventory {
  readonly inventory: {
    readonly snapshots: readonly { readonly id: string; readonly vm: string; readonly type: string }[];
  };
}

describe('a revert is refused with one sentence, and nothing was changed,', () => {
  let env: ThreadEnvironment;
  beforeAll(async () => {
    env = await openEnvironment({ as: 'threads' });
  });
  afterAll(() => env.close());
  afterEach(async () => {
    expect(await env.control.ledger()).toEqual([]);
  });

  const revert = async (vm: string, snapshot: string) =>
    failureOf(await env.snapflow.revert({ connection: env.connection, vm, snapshot }));
  const snapshotOf = async (owner: string) => {
    const { inventory } = (await env.control.state()) as unknown as Inventory;
    return inventory.snapshots.find(({ vm, type }) => vm === owner && type === 'SCHEDULED')?.id ?? '';
  };

  test('to a snapshot of another machine', async () => {
    const foreign = await snapshotOf('vm-1003');
    const { type, exitCode, message } = await revert('web-01', foreign);
    expect({ type, exitCode, message }).toMatchObject({ type: 'ObjectNotFound', exitCode: 3 });
    expectSentence(message, `vm "web-01" has 5 snapshots, none called "${foreign}"`, 'choose one that');
  });

  test('of a machine that has moved to another cluster than its snapshots, named', async () => {
    const own = await snapshotOf('vm-1004');
    await env.control.vm('vm-1004', { cluster: 'cluster-02' });
    const { type, exitCode, message } = await revert('web-04', own);
    expect({ type, exitCode, message }).toMatchObject({ type: 'ObjectNotFound', exitCode: 3 });
    expectSentence(message, 'vm "web-04" (vm-1004) has no snapshot in domain-c58', 'move it back');
  });
});
