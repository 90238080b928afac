import { OperationFailed, RequestInvalid } from '../../../src/client';
import { asArgument, explainError } from '../../../src/cli/explain-error';

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

test('an id that is an argument is not named as an option', () => {
  const error = new RequestInvalid([{ field: 'requestId', value: '""', remedy: 'give an id' }]);
  expect(explainError(asArgument(error))).toBe('<id> is "": give an id.');
});

test("a failure comes with its type, and with a remedy where its message is a server's", () => {
  expect(
    explainError(new OperationFailed({ type: 'NameTaken', message: 'x is taken: choose another.' })),
  ).toBe('NameTaken: x is taken: choose another.');
  expect(explainError(new OperationFailed({ type: 'TaskFailed', message: 'No space left.' }))).toBe(
    "TaskFailed: No space left.\nAct on the server's text in the message, then repeat with --again.",
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

test('nor can a failure of an unknown type, nor the field of a request', () => {
  const evil = 'a\u001B[2J\r\n\u202Eb';
  expect(explainError(new OperationFailed({ type: evil as 'Unexpected', message: evil }))).toBe(
    'a [2J b: a [2J b',
  );
  expect(explainError(new RequestInvalid([{ field: 'a\u001Bb', value: '', remedy: evil }]))).toBe(
    '--a b: a [2J b.',
  );
});
