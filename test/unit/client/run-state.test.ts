import { activityPhase } from '../../../src/client/activity-phase';
import { runState } from '../../../src/client/run-state';
import { SettingInvalid } from '../../../src/config/setting-invalid';
import { starterSettings } from '../../../src/config/starter-settings';

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
  ['undoRevert', 'compensate'],
  ['somethingElse', undefined],
])('the activity %s belongs to the phase %s', (activity, phase) => {
  expect(activityPhase(activity)).toBe(phase);
});

test('switching host verification off is refused by name, spelling it out as off is not', () => {
  expect(() => starterSettings({ TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true' })).toThrow(SettingInvalid);
  expect(() => starterSettings({ TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: '1' })).toThrow(
    /^TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is not supported/,
  );
  expect(starterSettings({ TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'false' })).toEqual({});
  expect(starterSettings({ SNAPFLOW_TASK_QUEUE: 'q' })).toEqual({ taskQueue: 'q' });
});
