import { isRunGone } from '../../../src/contract/run-gone';

test.each([
  ['the error of most calls', { name: 'WorkflowNotFoundError' }, true],
  ['what reading a history throws', { code: 5, details: 'workflow execution not found' }, true],
  ['a namespace that is missing', { code: 5, details: 'Namespace default is not found.' }, false],
  ['a server that is away', { code: 14, details: 'no connection' }, false],
  ['an error without a status', { details: 'workflow execution not found' }, false],
  ['nothing', undefined, false],
])('%s tells whether a run is gone', (_what, error, gone) => {
  expect(isRunGone(error)).toBe(gone);
});
