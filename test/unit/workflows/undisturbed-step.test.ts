import { workflowInfo, type WorkflowInfo } from '@temporalio/workflow';
import { UndisturbedStep } from '../../../src/workflows/reset';

jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  workflowInfo: jest.fn(),
}));

const historyIs = (historyLength: number): void =>
  void jest.mocked(workflowInfo).mockReturnValue({ historyLength } as WorkflowInfo);

test.each([
  ['its own workflow task', 0, false],
  ['the one that its end began', 6, true],
  ['one after a failed one, as in a run that a reset made', 9, false],
  ['one after a cancel', 10, false],
  ['a later one', 12, false],
])('in %s a step has just ended undisturbed, or not', (_title, events, hasJustEnded) => {
  historyIs(20);
  const step = new UndisturbedStep();
  historyIs(20 + events);
  expect(step.hasJustEnded).toBe(hasJustEnded);
});
