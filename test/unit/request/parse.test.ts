import {
  parseLinkedCloneRequest,
  parseLinkedCloneInput,
  parseRevertInput,
  parseRequestId,
  parseRevertRequest,
} from '../../../src/request/schemas';
import { deletionWorkflowId } from '../../../src/contract/operations';
import { RequestInvalid, type Problem } from '../../../src/request/parse';

const clone = { vm: 'web-01', snapshot: 'latest', name: 'ci-42' };

function problemsOf(act: () => unknown): readonly Problem[] {
  try {
    act();
  } catch (error) {
    if (error instanceof RequestInvalid) return error.problems;
    throw error;
  }
  throw new Error('the value was accepted');
}

const fieldsOf = (act: () => unknown): string[] => problemsOf(act).map(({ field }) => field);

test('a request with every field is taken as it is', () => {
  const full = {
    ...clone,
    connection: 'lab.1',
    cluster: 'c',
    folder: 'f',
    resourcePool: 'p',
    host: 'h',
    powerOn: true,
    onFailure: 'keep',
    whenBusy: 'fail',
    deadlineMs: 1,
    onCancel: 'keep',
  };
  expect(parseLinkedCloneRequest(full)).toEqual(full);
  expect(parseRevertRequest({ vm: 'v', snapshot: 's', restorePower: true })).toEqual({
    vm: 'v',
    snapshot: 's',
    restorePower: true,
  });
});

test('an option set to undefined counts as left out', () => {
  expect(parseLinkedCloneRequest({ ...clone, folder: undefined })).toEqual(clone);
});

test('all wrong fields are reported at once, each once, with value and remedy', () => {
  const problems = problemsOf(() =>
    parseLinkedCloneRequest({
      vm: '',
      snapshot: 7,
      name: 'x'.repeat(81),
      whenBusy: 'later',
      deadlineMs: 1.5,
    }),
  );
  expect(problems.map(({ field }) => field).toSorted()).toEqual([
    'deadlineMs',
    'name',
    'snapshot',
    'vm',
    'whenBusy',
  ]);
  expect(problems.find(({ field }) => field === 'whenBusy')).toEqual({
    field: 'whenBusy',
    value: '"later"',
    remedy: 'give wait or fail',
  });
});

test('a missing field is named as missing, one sentence for each', () => {
  expect(() => parseLinkedCloneRequest({ vm: 'web-01', snapshot: 'latest' })).toThrow(
    'name: missing, give a name for the new virtual machine of 1 to 80 characters without control characters.',
  );
  expect(() => parseLinkedCloneRequest(null)).toThrow(
    'request is null: give an object with vm, snapshot and name.',
  );
});

test('a misspelt field is refused with a suggestion and its value is not shown', () => {
  const [problem] = problemsOf(() => parseLinkedCloneRequest({ ...clone, resource_pool: 'hunter2' }));
  expect(problem).toEqual({
    field: '"resource_pool"',
    value: '',
    remedy: 'no such field, did you mean resourcePool?',
  });
});

test('an unknown field that resembles nothing lists the known ones', () => {
  expect(() => parseRevertRequest({ vm: 'v', snapshot: 's', password: 'hunter2' })).toThrow(
    /"password": no such field, known are connection, cluster, .*restorePower\./,
  );
});

test('a name that is over 80 characters with its suffix is refused with the limit of the name', () => {
  const own = { ...clone, uniqueName: true };
  expect(parseLinkedCloneRequest({ ...own, name: 'x'.repeat(71) }).name).toHaveLength(71);
  expect(() => parseLinkedCloneRequest({ ...own, name: 'x'.repeat(72) })).toThrow(
    `name is "${'x'.repeat(59)}…": give a name of 1 to 71 characters, since its suffix takes 9 of the 80 that vCenter allows.`,
  );
});

test('names are taken up to their limit and not beyond', () => {
  expect(parseLinkedCloneRequest({ ...clone, name: 'x'.repeat(80) }).name).toHaveLength(80);
  expect(parseLinkedCloneRequest({ ...clone, vm: 'x'.repeat(255) }).vm).toHaveLength(255);
  expect(fieldsOf(() => parseLinkedCloneRequest({ ...clone, vm: 'x'.repeat(256) }))).toEqual(['vm']);
});

test.each(['a\nb', 'a\u0000b', 'a\u007Fb', 'a\u2028b', 'a\uD800b'])(
  'the name %j with a character that is no text is refused',
  (name) => {
    expect(fieldsOf(() => parseLinkedCloneRequest({ ...clone, name }))).toEqual(['name']);
  },
);

test.each([
  ['ci/42', 'which vCenter keeps as %2f, %5c and %25, for example "ci-42"'],
  [String.raw`ci\42`, 'for example "ci-42"'],
  ['50%', 'for example "50-"'],
  [' ci-42', 'a name without blanks at its ends, which vCenter cuts, for example "ci-42"'],
  ['ci-42\u00A0', 'for example "ci-42"'],
  ['ci\u200B-42', 'invisible or turn the text around, for example "ci-42"'],
  ['\u202E24-ic', 'for example "24-ic"'],
  ['\u{E0001}ci-42', 'for example "ci-42"'],
  ['\u2066', 'a name without characters that are invisible or turn the text around'],
])('the new name %j is refused with a name that is like it', (name, remedy) => {
  const [problem, ...others] = problemsOf(() => parseLinkedCloneRequest({ ...clone, name }));
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ field: 'name', remedy: expect.stringContaining(remedy) });
});

test.each(['ci/42', ' ci-42', 'ci\u200B42'])('the existing name %j may be asked for', (vm) => {
  expect(parseLinkedCloneRequest({ ...clone, vm, folder: vm })).toMatchObject({ vm, folder: vm });
});

test('a shown value is short and its control characters are escaped', () => {
  const [problem] = problemsOf(() =>
    parseLinkedCloneRequest({ ...clone, name: `\u001B[31m${'y'.repeat(300)}` }),
  );
  expect(problem?.value).toMatch(/^"\\u\{001b\}\[31my+…"$/);
  expect(problem?.value.length).toBeLessThan(70);
});

test.each(['', ' a', 'a ', 'a\tb', 'x'.repeat(201)])('the request id %j is refused', (id) => {
  expect(fieldsOf(() => parseRequestId(id))).toEqual(['requestId']);
});

test.each(['a', 'build 42', 'x'.repeat(200), 'Bau-Straße/7'])('the request id %j is taken', (id) => {
  expect(parseRequestId(id)).toBe(id);
});

test('a request id that would make a workflow id of over 255 characters is refused, with the limit', () => {
  const connection = 'c'.repeat(63);
  expect(parseRequestId('x'.repeat(175), connection)).toHaveLength(175);
  expect(deletionWorkflowId(connection, 'x'.repeat(175))).toHaveLength(255);
  const [problem] = problemsOf(() => parseRequestId('x'.repeat(176), connection));
  expect(problem).toMatchObject({
    field: 'requestId',
    remedy: `give at most 175 characters on the connection ${connection}, because a workflow id has at most 255`,
  });
});

test.each(['', '-a', 'a b', 'a:b', 'x'.repeat(64)])('the connection %j is refused', (connection) => {
  expect(fieldsOf(() => parseLinkedCloneRequest({ ...clone, connection }))).toEqual(['connection']);
});

test.each([0, -1, 1.5, 30 * 86_400_000 + 1, Number.NaN])('the deadline %d is refused', (deadlineMs) => {
  expect(fieldsOf(() => parseLinkedCloneRequest({ ...clone, deadlineMs }))).toEqual(['deadlineMs']);
});

test('the input of a workflow is parsed with its request, naming the path of a wrong field', () => {
  const input = { requestId: 'build-42', request: clone, again: { afterRunId: 'run-1' } };
  expect(parseLinkedCloneInput(input)).toEqual(input);
  expect(fieldsOf(() => parseLinkedCloneInput({ requestId: ' ', request: { ...clone, name: '' } }))).toEqual([
    'requestId',
    'request.name',
  ]);
  expect(() => parseRevertInput({ requestId: 'r', request: { vm: 'v', snapshot: 's', nam: 'x' } })).toThrow(
    /"nam": no such field/,
  );
});
