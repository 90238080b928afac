import { workflowInfo, type WorkflowInfo } from '@temporalio/workflow';
import { goesOn, Growth, type Asker } from '../../../src/workflows/growth';

jest.mock('@temporalio/workflow', () => ({ workflowInfo: jest.fn() }));

const historyIs = (historyLength: number, historySize = 0): void =>
  void jest.mocked(workflowInfo).mockReturnValue({ historyLength, historySize } as WorkflowInfo);

/** The answers that a question takes, where an operator lets it go on. */
async function answersAsked(growth: Growth): Promise<readonly string[]> {
  let answers: readonly string[] = [];
  const asker = {
    growth,
    status: { set: () => undefined, resolve: () => '' },
    operator: {
      ask: (asked: { readonly answers: readonly string[] }) => {
        ({ answers } = asked);
        return Promise.resolve({ kind: 'repeat' });
      },
    },
  } as unknown as Asker;
  await goesOn(asker, { about: 'history', phase: 'start', why: 'w', candidates: [] });
  return answers;
}

test.each([
  [9_899, 0, false],
  [9_900, 0, true],
  [36, 9_499_999, false],
  [36, 9_500_000, true],
])('with %d events and %d bytes a run is to ask: %s', (events, bytes, isDue) => {
  historyIs(events, bytes);
  expect(new Growth().isDue).toBe(isDue);
});

test('after an answer it asks again at the next share only', async () => {
  const growth = new Growth();
  historyIs(9_905);
  await answersAsked(growth);
  expect(growth.isDue).toBe(false);
  historyIs(19_799);
  expect(growth.isDue).toBe(false);
  historyIs(19_800);
  expect(growth.isDue).toBe(true);
});

test('four times it may go on; before the end of the history it may be given up only', async () => {
  const growth = new Growth();
  historyIs(4 * 9_900);
  expect(await answersAsked(growth)).toEqual(['repeat', 'abandon']);
  historyIs(5 * 9_900);
  expect(growth.isDue).toBe(true);
  expect(await answersAsked(growth)).toEqual(['abandon']);
});
