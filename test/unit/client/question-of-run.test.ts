import { questionOfRun } from '../../../src/client/describe';
import { MEMO } from '../../../src/contract/operations';

const asked = (question: unknown) => questionOfRun({ runId: 'now', memo: { [MEMO.question]: question } });

test('a question is that of the run that was described', () => {
  const question = { runId: 'before', question: 2, why: 'w', candidates: ['vm-7'], answers: ['vm'] };
  expect(asked(question)).toEqual({ ...question, runId: 'now' });
});

test.each([undefined, null, 'x', 7, [], { runId: 1, question: 1 }, { runId: 'r', question: 'x' }])(
  '%j in a memo asks nothing',
  (memo) => {
    expect(asked(memo)).toBeUndefined();
  },
);

test('what is no text where texts belong is left out', () => {
  expect(
    asked({
      runId: 'r',
      question: 1,
      why: { a: 1 },
      candidates: [{ a: 1 }, null, 'vm-7'],
      answers: ['vm', 'x', 7],
    }),
  ).toEqual({ runId: 'now', question: 1, why: '', candidates: ['vm-7'], answers: ['vm'] });
});

test('one that does not say which answers it takes may take any', () => {
  expect(asked({ runId: 'r', question: 1, why: 'w', candidates: [] })?.answers).toEqual([
    'task',
    'vm',
    'done',
    'repeat',
    'abandon',
  ]);
});

test.each([
  ['undo', 'undo'],
  ['history', 'history'],
  ['effect', undefined],
  [{ a: 1 }, undefined],
])('what it is about, %j, is one of the closed list or left out', (about, told) => {
  expect(asked({ runId: 'r', question: 1, why: 'w', candidates: [], about })?.about).toBe(told);
});
