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
    cancelable: false,
    oddResult: false,
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
    cancelable: false,
    target: { type: 'VirtualMachine', id: 'vm-1' },
    user: 'w@x',
    vcTaskId: 'task-9',
    startedAt: '2026-01-02T03:04:05.678Z',
    endedAt: '2026-01-02T03:05:05+02:00',
    progress: { completed: 40, total: 100, message: 'copying' },
    resultId: 'vm-7',
    oddResult: false,
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
  ['no status', { ...started }],
  ['a pending task with a result', { status: 'PENDING', result: 'vm-7' }],
  ['a pending task that has started', { status: 'PENDING', start_time: started.start_time }],
  ['a running task with an end', { ...ended, status: 'RUNNING' }],
  ['a blocked task with an error', { ...started, status: 'BLOCKED', error: {} }],
  ['a succeeded task with an error', { ...ended, status: 'SUCCEEDED', error: {} }],
  ['a time without offset', { status: 'RUNNING', start_time: '2026-01-02T03:04:05' }],
  ['an empty service', { ...started, status: 'RUNNING', service: '' }],
])('%s does not read', (_what, fields) => {
  expect(taskInfo.safeParse({ ...common, ...fields }).success).toBe(false);
});
