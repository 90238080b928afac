import { activityPhase } from '../../../src/client/pending';
import { runState } from '../../../src/client/describe';

test.each([
  ['RUNNING', undefined, 'running'],
  ['RUNNING', 'blocked', 'running'],
  ['RUNNING', 'needs-decision', 'needs-decision'],
  ['PAUSED', undefined, 'running'],
  ['COMPLETED', 'needs-decision', 'succeeded'],
  ['FAILED', undefined, 'failed'],
  ['TERMINATED', undefined, 'failed'],
  ['TIMED_OUT', undefined, 'failed'],
  ['CANCELLED', undefined, 'cancelled'],
] as const)('a run that is %s with the condition %s is %s', (status, condition, state) => {
  expect(runState(status, condition)).toBe(state);
});

test.each([
  ['prepareLinkedClone', 'prepare'],
  ['prepareRevert', 'prepare'],
  ['awaitExclusion', 'exclusion'],
  ['startLinkedClone', 'start'],
  ['startRevert', 'start'],
  ['lookForEffect', 'start'],
  ['awaitTask', 'wait'],
  ['verifyLinkedClone', 'verify'],
  ['verifyRevert', 'verify'],
  ['setPower', 'finish'],
  ['deleteClone', 'compensate'],
  ['somethingElse', undefined],
  ['toString', undefined],
])('the activity %s belongs to the phase %s', (activity, phase) => {
  expect(activityPhase(activity)).toBe(phase);
});
