import { taskInfo } from '../../../src/vsphere/tasks';

const message = (text: string) => ({ id: 'm', default_message: text, args: [] });
const common = {
  description: message('Linked clone'),
  service: 'com.vmware.snapservice.clusters.virtual_machines',
  operation: 'linked_clone',
  cancelable: false,
};
const started = {
  start_time: '2026-01-02T03:04:05.678Z',
  progress: { total: 100, completed: 40, message: message('copying') },
};
const ended = { ...started, end_time: '2026-01-02T03:05:05+02:00' };

test('a pending task has nothing but its names', () => {
  expect(taskInfo.parse({ ...common, status: 'PENDING' })).toEqual({
    status: 'PENDING',
    service: common.service,
    operation: 'linked_clone',
  });
});

test('a succeeded clone names its VM, and null means absent', () => {
  const wire = {
    ...common,
    ...ended,
    status: 'SUCCEEDED',
    result: 'vm-7',
    error: null,
    user: 'w@x',
    target: { type: 'VirtualMachine', id: 'vm-1' },
    vc_task: 'task-9',
    parent: null,
    unheard_of: 1,
  };
  expect(taskInfo.parse(wire)).toEqual({
    status: 'SUCCEEDED',
    service: common.service,
    operation: 'linked_clone',
    target: { id: 'vm-1' },
    user: 'w@x',
    progress: { completed: 40, total: 100, message: 'copying' },
    resultId: 'vm-7',
    startedAt: '2026-01-02T03:04:05.678Z',
  });
});

test.each([[{ vm: 'vm-7' }], [7], ['']])('the result %j is kept apart from an id', (result) => {
  const info = taskInfo.parse({ ...common, ...ended, status: 'SUCCEEDED', result });
  expect(info).toMatchObject({ oddResult: true });
  expect(info).not.toHaveProperty('resultId');
});

test('a failed task tells why from its error, or from its result when there is none', () => {
  const error = {
    error_type: 'UNABLE_TO_ALLOCATE_RESOURCE',
    messages: [message('Disk full.'), message('vSAN')],
  };
  for (const reason of [{ error }, { result: error }]) {
    expect(taskInfo.parse({ ...common, ...ended, status: 'FAILED', ...reason })).toMatchObject({
      status: 'FAILED',
      failureText: 'Disk full. vSAN',
      failureType: 'UNABLE_TO_ALLOCATE_RESOURCE',
    });
  }
});

test('a failed task without any reason still reads as failed', () => {
  const info = taskInfo.parse({ ...common, ...ended, status: 'FAILED', error: {} });
  expect(info.status).toBe('FAILED');
  expect(info).not.toHaveProperty('failureText');
});

test.each(['CANCELLED', 'running', 'UNKNOWN'])(
  'the status %s, which nobody documented, is none that decides',
  (status) => {
    expect(taskInfo.parse({ ...common, ...ended, status, result: 'vm-7', error: {} })).toMatchObject({
      status: 'UNKNOWN',
      oddStatus: status,
    });
  },
);

test.each([
  ['no status', {}, ''],
  ['a status that is no text', { status: 5 }, ''],
  ['success with an error', { ...ended, status: 'SUCCEEDED', error: {} }, 'SUCCEEDED with an error'],
])('%s: the status is unknown, and the task is there', (_what, fields, oddStatus) => {
  expect(taskInfo.parse({ ...common, ...fields })).toMatchObject({ status: 'UNKNOWN', oddStatus });
});

test.each([
  ['success with an error', { status: 'SUCCEEDED', error: {} }, true],
  ['an unknown status with an end time', { status: 'SHELVED', end_time: ended.end_time }, true],
  ['an unknown status without one', { status: 'SHELVED' }, undefined],
])('%s: whether it has ended is told by what reads', (_what, fields, hasEnded) => {
  expect(taskInfo.parse({ ...common, ...fields }).hasEnded).toBe(hasEnded);
});

test.each([
  ['a time without offset', { start_time: '2026-01-02T03:04:05' }],
  ['an end of a running task', { end_time: ended.end_time }],
  ['progress with a fraction', { progress: { ...started.progress, completed: 33.3 } }],
  ['progress without a message', { progress: { total: 1, completed: 1 } }],
  ['an empty service, operation and user', { service: '', operation: '', user: '' }],
  ['no cancelable', { cancelable: undefined }],
  ['a result that is an object', { result: { snapshot: 's-1' } }],
])('%s hides neither the status nor the target', (_what, fields) => {
  const target = { type: 'VirtualMachine', id: 'vm-1' };
  expect(taskInfo.parse({ ...common, ...started, status: 'RUNNING', target, ...fields })).toMatchObject({
    status: 'RUNNING',
    target: { id: 'vm-1' },
  });
});

test.each([[{ type: 'VirtualMachine' }], ['vm-1'], [{ id: '' }]])(
  'the target %j may be any machine: it is no missing one',
  (target) => {
    const info = taskInfo.parse({ ...common, status: 'RUNNING', target });
    expect(info).toMatchObject({ oddTarget: true });
    expect(info).not.toHaveProperty('target');
  },
);
