import { OPERATIONS, QUICK, ROWS, Table, TITLES, type } from './error-table';
import { endOf, openFaultEnvironment, type FaultEnvironment } from './fault-environment';

describe.each(OPERATIONS)('the start of a %s answered with', (operation) => {
  let table: Table;
  beforeAll(async () => {
    const env = await openFaultEnvironment({ operation: QUICK, simulator: { cloneMs: 200, revertMs: 200 } });
    table = new Table(env, operation);
    const call = operation === 'clone' ? 'linkedClone' : 'revert';
    table.begin(TITLES, ({ action }, vm) => ({ operation: call, vm, action }));
  });
  afterAll(() => table.env.close());

  test.each(TITLES)('%s', async (title) => {
    const start = ROWS[title]?.start;
    const { end, effects, looks } = await table.seen(title);
    if (start === 'refused' || start === 'unknown') {
      expect(end).toHaveProperty('result');
      expect(effects).toEqual([operation]);
      expect(looks > 0).toBe(start === 'unknown');
    } else {
      expect(end).toMatchObject({ type: start });
      expect(effects).toEqual([]);
    }
  });
});

describe('the start of a clone', () => {
  let env: FaultEnvironment;
  let number = 0;
  beforeAll(async () => {
    env = await openFaultEnvironment({ operation: QUICK, simulator: { cloneMs: 300 } });
  });
  afterAll(() => env.close());
  beforeEach(async () => void (await env.clearFaults()));

  test.each([
    ['once logs in anew and succeeds', 1, undefined],
    ['also after a new login fails as Unauthenticated', 2, 'Unauthenticated'],
  ])('that is refused with a 401 %s', async (_title, count, failure) => {
    await env.fault({ operation: 'linkedClone', action: type(401, 'UNAUTHENTICATED'), count });
    const name = `login-${++number}`;
    const end = await endOf(await env.clone(name));
    expect(end.type).toBe(failure);
    expect(await env.cloneEffects(name)).toEqual(failure === undefined ? ['clone'] : []);
  });
});
