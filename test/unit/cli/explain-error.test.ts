import { OperationFailed, RequestInvalid } from '../../../src/client';
import { explainError } from '../../../src/cli/explain-error';

test('wrong fields are named as the options that they are', () => {
  const error = new RequestInvalid([
    { field: 'resourcePool', value: '""', remedy: 'give a name' },
    { field: 'deadlineMs', value: '', remedy: 'missing' },
    { field: 'requestId', value: '" a"', remedy: 'give an id' },
  ]);
  expect(explainError(error)).toBe(
    '--resource-pool is "": give a name.\n--deadline: missing.\n--request-id is " a": give an id.',
  );
});

test('a failure comes with its type and its remedy', () => {
  expect(explainError(new OperationFailed({ type: 'NameTaken', message: 'ci-42 is there already.' }))).toBe(
    'NameTaken: ci-42 is there already.\nChoose another name, or delete the machine that the message names.',
  );
  expect(explainError(new OperationFailed({ type: 'Cancelled', message: 'It was cancelled.' }))).toBe(
    'Cancelled: It was cancelled.',
  );
});

test("a server's text cannot steer the terminal", () => {
  const message = 'no\u001B[31m space\r\nleft\u202E';
  expect(explainError(new OperationFailed({ type: 'Unexpected', message }))).toBe(
    'Unexpected: no [31m space left ',
  );
});

test('an error without words still says its name', () => {
  expect(explainError(new RangeError(''))).toBe('RangeError');
});
