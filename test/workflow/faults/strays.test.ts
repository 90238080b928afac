import { eventually } from '../../environment/eventually';
import { endOf, openFaultEnvironment, type FaultEnvironment } from './fault-environment';
import { untilAsks } from '../until-asks';

/** Machines of other names that appear while a start's outcome is unknown. */
describe('a clone whose reply is lost', () => {
  let env: FaultEnvironment;
  beforeAll(async () => {
    env = await openFaultEnvironment({ operation: { quarantineMs: 2_500 } });
  });
  afterAll(() => env.close());
  beforeEach(async () => void (await env.clearFaults()));

  test.each([
    ['renames it', 'renamed', { name: 'inventory-0815' }],
    ['moves it to another folder', 'moved', { folder: 'group-v102' }],
  ])(
    'and whose machine is there, but an automation %s: asks an operator, and is not made twice',
    async (_title, name, change) => {
      await env.fault({ operation: 'linkedClone', position: 'after', action: 'reset', count: 1 });
      const handle = await env.clone(name);
      const made = await eventually('the machine is made', async () =>
        (await env.control.ledger()).find((effect) => effect.kind === 'clone' && effect.name === name),
      );
      const vmId = made.resultVm ?? '';
      await env.control.vm(vmId, change);
      await untilAsks(handle);
      expect(await endOf(handle)).toMatchObject({
        type: 'NeedsDecision',
        details: {
          candidates: [vmId],
          why: expect.stringContaining(`${vmId}, which task ${made.task} made since`),
        },
      });
      expect(await env.cloneEffects(name)).toEqual(['clone']);
      await env.resolve(handle, { kind: 'abandon' });
    },
  );

  test('beside machines that other requests made meanwhile is posted again, once, and asks nobody', async () => {
    await env.fault({ operation: 'linkedClone', action: 'hold', count: 1 });
    const handle = await env.clone('lost');
    const hold = await env.held('linkedClone');
    const siblings = [await env.clone('sibling'), await env.clone('own', { uniqueName: true })];
    for (const sibling of siblings) await sibling.result();
    await env.control.release(hold, 'reset');
    expect(await endOf(handle)).toMatchObject({ result: { name: 'lost' } });
    const made = (await env.control.ledger()).filter(({ kind }) => kind === 'clone').map(({ name }) => name);
    expect(made.filter((name) => name === 'lost')).toHaveLength(1);
  });
});
