import { QUICK, ROWS, Table, TITLES } from './error-table';
import { endOf, openFaultEnvironment, type FaultEnvironment } from './fault-environment';

/** All reads go through the same code, so one of each kind is enough where all are tried elsewhere. */
const ONE_OF_EACH = [
  'INVALID_ARGUMENT',
  'UNAUTHORIZED',
  'NOT_FOUND',
  'SERVICE_UNAVAILABLE',
  'a bare 503',
  'a reset',
];

const AFTERWARDS = [...ONE_OF_EACH, 'a path that the server does not have', 'a reply that does not parse'];

describe.each([
  ['revert', TITLES],
  ['clone', ONE_OF_EACH],
] as const)('the reads before the start of a %s answered with', (operation, titles) => {
  let table: Table;
  beforeAll(async () => {
    const env = await openFaultEnvironment({ operation: QUICK, simulator: { cloneMs: 200, revertMs: 200 } });
    table = new Table(env, operation);
    table.begin(titles, ({ action }, vm) => ({ operation: 'snapshots.list', vm, action }));
  });
  afterAll(() => table.env.close());

  test.each(titles)('%s', async (title) => {
    const beforeStart = ROWS[title]?.beforeStart;
    const { end, effects } = await table.seen(title);
    if (beforeStart === 'retry') expect(end).toHaveProperty('result');
    else expect(end).toMatchObject({ type: beforeStart });
    expect(effects).toEqual(beforeStart === 'retry' ? [operation] : []);
  });
});

describe('the reads after a revert answered with', () => {
  let table: Table;
  beforeAll(async () => {
    const env = await openFaultEnvironment({ operation: QUICK, simulator: { revertMs: 200 } });
    table = new Table(env, 'revert');
    // Looks before the start read the power state, too, and a start that is slow reads it again.
    table.begin(AFTERWARDS, ({ action }, vm) => ({
      operation: 'revert',
      vm,
      do: { path: '/faults', body: { operation: 'power.get', vm, action, count: 1 } },
    }));
  });
  afterAll(() => table.env.close());

  test.each(AFTERWARDS)('%s never fail it', async (title) => {
    const { end, effects } = await table.seen(title);
    expect(end).toHaveProperty('result');
    expect(effects).toEqual(['revert']);
  });
});

describe('a clone', () => {
  let env: FaultEnvironment;
  let number = 0;
  beforeAll(async () => {
    env = await openFaultEnvironment({ operation: QUICK, simulator: { cloneMs: 300 } });
  });
  afterAll(() => env.close());
  beforeEach(async () => void (await env.clearFaults()));

  const SOME = [
    'INVALID_ARGUMENT',
    'UNAUTHORIZED',
    'SERVICE_UNAVAILABLE',
    'a bare 503',
    'a reply that does not parse',
  ];

  test.each(SOME.flatMap((title) => [[title, 'tasks.list'] as const, [title, 'vm.get'] as const]))(
    'whose wait or verify reads %s from %s is not failed by it',
    async (title, operation) => {
      await env.fault({
        operation,
        action: ROWS[title]?.action,
        count: 1,
        skip: operation === 'tasks.list' ? 1 : 0,
      });
      const name = `after-${++number}`;
      expect(await endOf(await env.clone(name))).toMatchObject({ result: { name } });
      expect((await env.control.faults())[0]).toMatchObject({ fired: 1 });
      expect(await env.cloneEffects(name)).toEqual(['clone']);
    },
  );
});

test('a clone whose account is refused fails as Unauthenticated', async () => {
  const env = await openFaultEnvironment({ password: 'not-the-password' });
  expect(await endOf(await env.clone('refused'))).toMatchObject({ type: 'Unauthenticated' });
  await env.close();
});
