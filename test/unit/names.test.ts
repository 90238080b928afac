import { cloneNameLockId, requestWorkflowId } from '../../src/contract/operations';

test('the workflow id is a function of connection and request id alone', () => {
  expect(requestWorkflowId('default', 'build-42')).toBe('snapflow:default:build-42');
});

test('two spellings of one clone name share one lock, because vCenter folds case', () => {
  expect(cloneNameLockId('default', 'CI-42')).toBe(cloneNameLockId('default', 'ci-42'));
});
