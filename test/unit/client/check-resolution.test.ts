import { checkResolution } from '../../../src/client/resolve';
import type { Resolution } from '../../../src/contract/resolve';
import { RequestInvalid } from '../../../src/request/parse';

const ALL = ['task', 'vm', 'done', 'repeat', 'abandon'] as const;
const TASK = '5f0c:com.vmware.snapservice';

test.each<[Resolution, 'clone' | 'revert', string[], string | undefined]>([
  [{ kind: 'done' }, 'clone', [], 'done: it is for reverts only, so use --task or --vm.'],
  [{ kind: 'done' }, 'revert', [], undefined],
  [{ kind: 'vm', vmId: 'vm-1' }, 'revert', [], 'vm: it is for clones only'],
  [{ kind: 'vm', vmId: 'ci-42' }, 'clone', [], 'vm is "ci-42": give the id of a machine'],
  [{ kind: 'vm', vmId: 'vm-2' }, 'clone', ['vm-1', TASK], 'vm is "vm-2": give one of the candidates vm-1.'],
  [{ kind: 'vm', vmId: 'vm-1' }, 'clone', ['vm-1'], undefined],
  [{ kind: 'vm', vmId: 'vm-2' }, 'clone', [TASK], undefined],
  [{ kind: 'task', taskId: ' ' }, 'clone', [], 'task is " ": give the id of a task, of 1 to 255'],
  [{ kind: 'task', taskId: '' }, 'revert', [], 'task is "": give the id of a task, of 1 to 255'],
  [{ kind: 'task', taskId: 'a\u0007b' }, 'clone', [], 'task is "a\\u{0007}b": give the id of a task'],
  [{ kind: 'task', taskId: 'a b' }, 'clone', [], 'without blanks and control characters.'],
  [{ kind: 'task', taskId: '..' }, 'clone', [], 'task is "..": give'],
  [{ kind: 'task', taskId: 'a'.repeat(256) }, 'clone', [], `task is "${'a'.repeat(59)}…": give`],
  [{ kind: 'task', taskId: 'a'.repeat(255) }, 'clone', [], undefined],
  [{ kind: 'task', taskId: 7 as unknown as string }, 'clone', [], 'task is 7: give the id of a task'],
  [{ kind: 'vm' } as Resolution, 'clone', [], 'vm is missing: give the id of a machine, for example vm-1042'],
  [{ kind: 'task', taskId: TASK }, 'clone', [], undefined],
  [{ kind: 'task', taskId: TASK }, 'revert', [], undefined],
  [{ kind: 'repeat' }, 'revert', ['snap-1'], undefined],
  [{ kind: 'abandon' }, 'clone', ['vm-1'], undefined],
])('%j for a %s with candidates %j: %s', (resolution, operation, candidates, problem) => {
  const check = (): void => checkResolution(resolution, operation, { candidates, answers: ALL });
  if (problem === undefined) return expect(check).not.toThrow();
  expect(check).toThrow(RequestInvalid);
  expect(check).toThrow(problem);
});

test('nothing is made again while a task that may be the request’s may still work', () => {
  const check = (): void =>
    checkResolution({ kind: 'repeat' }, 'clone', { candidates: [TASK], answers: ['task', 'vm', 'abandon'] });
  expect(check).toThrow(`while ${TASK} may still work, so use --task or --abandon`);
});

test.each([
  [
    ['repeat', 'abandon'],
    { kind: 'vm', vmId: 'vm-1' },
    'vm: it does not answer whether to go on, so use --repeat or --abandon',
  ],
  [['abandon'], { kind: 'repeat' }, 'repeat: it does not answer whether to go on, so use --abandon'],
] as const)('a question to go on that takes %j refuses %j', (answers, resolution, problem) => {
  const question = { candidates: ['vm-1'], answers, about: 'history' } as const;
  expect(() => checkResolution(resolution, 'clone', question)).toThrow(problem);
  expect(() => checkResolution({ kind: 'abandon' }, 'clone', question)).not.toThrow();
});
