import type { OperationOverview } from '../../../src/client';
import {
  nextProgress,
  type OperationProgress,
  type OperationStatus,
} from '../../../src/client/operation-views';

const overview = (
  status: Partial<OperationStatus>,
  rest: Partial<OperationOverview> = {},
): OperationOverview => ({
  status: { id: 'a', workflowId: 'w', runId: 'r', operation: 'clone', state: 'running', ...status },
  request: {},
  startedAt: new Date(0),
  pickedUp: true,
  ...rest,
});

function play(...statuses: Partial<OperationStatus>[]): (OperationProgress | undefined)[] {
  let shown: OperationProgress | undefined;
  return statuses.map((status) => {
    const next = nextProgress(shown, overview(status));
    shown = next ?? shown;
    return next;
  });
}

test('the same twice is told once', () => {
  expect(play({ phase: 'prepare' }, { phase: 'prepare' })).toEqual([
    { state: 'running', phase: 'prepare' },
    undefined,
  ]);
});

test('between two activities phase and task are still known', () => {
  const [, between] = play({ phase: 'wait', taskId: 't' }, { condition: 'overdue' });
  expect(between).toEqual({ state: 'running', condition: 'overdue', phase: 'wait', taskId: 't' });
});

test('a percentage never falls within a task, and starts anew in another', () => {
  const wait = { phase: 'wait', taskId: 't' } as const;
  const seen = play({ ...wait, percent: 40 }, { ...wait, percent: 10 }, wait, { ...wait, percent: 41 });
  expect(seen.map((progress) => progress?.percent)).toEqual([40, undefined, undefined, 41]);
  const [, other] = play({ ...wait, percent: 90 }, { phase: 'wait', taskId: 'u', percent: 5 });
  expect(other?.percent).toBe(5);
});
