import { eventually } from '../../environment/eventually';
import { QUICK, Table, type Row } from './error-table';
import { endOf, openFaultEnvironment, type FaultEnvironment } from './fault-environment';

/** What stands before a server answers so for calls that it has let through: rules of outbound phases, timeouts, outages. */
const STATUSES = [401, 403, 404, 429, 500, 503];
const BODIES = ['html', 'empty', 'legacy'];
/** Each status and each body. All pairs of them are tried on the classification itself. */
const ANSWERS = STATUSES.map((status, index) => ({ status, body: BODIES[index % BODIES.length] ?? 'html' }));
const titleOf = ({ status, body }: (typeof ANSWERS)[number]): string => `${status}, body ${body}`;

const rows: Readonly<Record<string, Row>> = Object.fromEntries(
  ANSWERS.map((action) => [titleOf(action), { action, beforeStart: 'retry', start: 'unknown' }]),
);

/** What it answers before the effect is in the error table. */
describe.each([
  ['clone', 'linkedClone'],
  ['revert', 'revert'],
] as const)('the start of a %s (%s) that a gateway answers after the effect, with', (operation, call) => {
  let table: Table;
  beforeAll(async () => {
    const env = await openFaultEnvironment({ operation: QUICK, simulator: { cloneMs: 200, revertMs: 200 } });
    table = new Table(env, operation, rows);
    table.begin(Object.keys(rows), ({ action }, vm) => ({ operation: call, vm, action, position: 'after' }));
  });
  afterAll(() => table.env.close());

  test.each(Object.keys(rows))('%s: succeeds with one effect, after a look', async (title) => {
    const { end, effects, looks } = await table.seen(title);
    expect(end).toHaveProperty('result');
    expect(effects).toEqual([operation]);
    expect(looks).toBeGreaterThan(0);
  });
});

describe('a clone', () => {
  let env: FaultEnvironment;
  let number = 0;
  beforeAll(async () => {
    env = await openFaultEnvironment({
      operation: { ...QUICK, maxUnknowns: 1 },
      simulator: { cloneMs: 300 },
    });
    // A service that has never shown a task proves nothing by an empty list.
    await endOf(await env.clone('of-the-past'));
  });
  afterAll(() => env.close());
  beforeEach(async () => void (await env.clearFaults()));

  test.each(ANSWERS.map((action) => [titleOf(action), action] as const))(
    'whose power on a gateway answers after the effect with %s is kept, on',
    async (_title, action) => {
      await env.fault({ operation: 'power.start', position: 'after', action, count: 1 });
      const name = `on-${++number}`;
      expect(await endOf(await env.clone(name, { powerOn: true }))).toMatchObject({ result: { name } });
      expect(await env.cloneEffects(name)).toEqual(['clone', 'power']);
    },
  );

  test('that a gateway answers in an outage shows as blocked with status and URL, asks nobody, and succeeds after it', async () => {
    await env.fault({ operation: 'linkedClone', action: { status: 403, body: 'html' } });
    const handle = await env.clone('outage');
    await env.condition(handle, 'blocked');
    const run = env.temporal.workflow.getHandle(handle.workflowId);
    const shown = JSON.stringify(await run.query('__temporal_workflow_metadata'));
    expect(shown).toContain('the server answered 403');
    expect(shown).toContain('127.0.0.1');
    // Three times what makes unanswered starts a question.
    await eventually('the start call is answered three times', async () =>
      (await env.control.faults()).some(({ fired }) => Number(fired) >= 3),
    );
    await env.clearFaults();
    expect(await endOf(handle)).toMatchObject({ result: { name: 'outage' } });
    expect(await env.cloneEffects('outage')).toEqual(['clone']);
  });

  test('whose post a front end repeats, handing on ALREADY_EXISTS, is asked about and never made twice', async () => {
    const action = { status: 400, errorType: 'ALREADY_EXISTS' };
    await env.fault({ operation: 'linkedClone', position: 'after', action, count: 1 });
    const handle = await env.clone('repeated');
    await env.condition(handle, 'needs-decision');
    const [made] = (await env.control.ledger()).filter(({ name }) => name === 'repeated');
    await env.resolve(handle, { kind: 'vm', vmId: made?.resultVm ?? '' });
    expect(await endOf(handle)).toMatchObject({ result: { vmId: made?.resultVm } });
    expect(await env.cloneEffects('repeated')).toEqual(['clone']);
  });
});
