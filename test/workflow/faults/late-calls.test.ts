import type { OperationHandle } from '../../../src/client';
import { eventually } from '../../environment/eventually';
import { openFaultEnvironment, type FaultEnvironment } from './fault-environment';

/** So long that a held call is let go within it, also on a busy machine. */
const LATE_CALL_MS = 20_000;
const QUARANTINE_MS = 1_000;

/** Start-to-close of the attempts is three seconds, and a held call is given up after ten. */
describe('a start whose attempt times out without a word of its worker', () => {
  let env: FaultEnvironment;
  beforeAll(async () => {
    env = await openFaultEnvironment({
      operation: { quarantineMs: QUARANTINE_MS, lateCallMs: LATE_CALL_MS },
    });
  });
  afterAll(() => env.close());
  beforeEach(async () => void (await env.clearFaults()));

  const scheduledTypes = async ({ workflowId }: OperationHandle) =>
    (await env.events(workflowId)).map(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name,
    );
  const starts = async (handle: OperationHandle) =>
    (await scheduledTypes(handle)).filter((type) => type?.startsWith('start')).length;
  /** Milliseconds of its safety waits. Tasks of other tests that ended may add a usual one before a start. */
  const waits = async ({ workflowId }: OperationHandle) =>
    (await env.events(workflowId))
      .filter(({ userMetadata }) =>
        Buffer.from(userMetadata?.summary?.data ?? [])
          .toString()
          .startsWith('"safety wait'),
      )
      .map(({ timerStartedEventAttributes: timer }) => Number(timer?.startToFireTimeout?.seconds) * 1_000);

  test.each([
    ['a clone', 'linkedClone', () => env.clone('late-post'), 'clone'],
    ['a revert', 'revert', () => env.revert('web-01'), 'revert'],
  ] as const)(
    '%s: its post, held on the way, arrives after the safety wait and the check: it is adopted, one effect',
    async (_title, operation, begin, made) => {
      await env.fault({ operation, action: 'hold', count: 1 });
      const handle = await begin();
      const hold = await env.held(operation);
      await eventually('the check has found nothing', async () =>
        (await waits(handle)).includes(LATE_CALL_MS),
      );
      await env.control.release(hold);
      const { taskId } = await handle.result();
      expect(await env.effects(({ kind }) => kind === made)).toEqual([made]);
      expect((await env.control.ledger()).at(-1)).toMatchObject({ kind: made, task: taskId });
      expect(await starts(handle)).toBe(1);
    },
  );

  test('and whose post never arrives is posted again, once, after the time of a late call', async () => {
    await env.fault({ operation: 'linkedClone', position: 'never', count: 1 });
    const handle = await env.clone('never-came');
    await handle.result();
    expect(await env.cloneEffects('never-came')).toEqual(['clone']);
    expect(await starts(handle)).toBe(2);
    expect(await waits(handle)).toEqual(expect.arrayContaining([QUARANTINE_MS, LATE_CALL_MS]));
  });

  test('a start that its worker says is unknown waits for no late call', async () => {
    await env.fault({ operation: 'linkedClone', action: 'reset', count: 1 });
    const handle = await env.clone('with-its-word');
    await handle.result();
    expect(await env.cloneEffects('with-its-word')).toEqual(['clone']);
    expect(await starts(handle)).toBe(2);
    expect(new Set(await waits(handle))).toEqual(new Set([QUARANTINE_MS]));
  });
});
