import pc from 'picocolors';
import type { Snapflow } from '../../../src/client';
import { askOrNeedYes } from '../../../src/cli/confirm';
import type { ActionContext } from '../../../src/cli/run-action';
import { processTerminal } from '../../../src/cli/terminal';
import { UsageError } from '../../../src/cli/usage-error';

const CAN = { ...processTerminal(), canAsk: true };
const CANNOT = { ...processTerminal(), canAsk: false };

const answering = (answer: string): { context: ActionContext; asked: string[] } => {
  const asked: string[] = [];
  const terminal = {
    ...processTerminal(),
    colors: pc.createColors(false),
    ask: async (question: string) => {
      asked.push(question);
      return answer;
    },
  };
  const { signal } = new AbortController();
  const snapflow = undefined as unknown as Snapflow;
  const context = { snapflow, terminal, format: 'table', quiet: false, signal, hint: () => {} } as const;
  return { context, asked };
};

test('where nobody can be asked it is refused, unless the answer was given with the command', () => {
  expect(() => askOrNeedYes({}, 'It is gone', CANNOT).check()).toThrow(UsageError);
  expect(() => askOrNeedYes({}, 'It is gone', CANNOT).check()).toThrow(
    'It is gone, and nobody can be asked here: confirm it with --yes.',
  );
  expect(() => askOrNeedYes({ yes: true }, 'It is gone', CANNOT).check()).not.toThrow();
  expect(() => askOrNeedYes({}, 'It is gone', CAN).check()).not.toThrow();
});

test.each([
  ['y', true],
  [' Yes ', true],
  ['', false],
  ['n', false],
  ['yeah', false],
])('at a terminal the answer "%s" counts as %p', async (answer, counts) => {
  const { context, asked } = answering(answer);
  const { confirm } = askOrNeedYes({}, 'x', CAN);
  expect(await confirm(context, async () => 'It is lost. Do it?')).toBe(counts);
  expect(asked).toEqual(['It is lost. Do it? [y/N] ']);
});

test('with --yes nothing is asked, not even what would be lost', async () => {
  const { context, asked } = answering('n');
  const { confirm } = askOrNeedYes({ yes: true }, 'x', CAN);
  const sentence = jest.fn(async () => 'x');
  expect(await confirm(context, sentence)).toBe(true);
  expect(sentence).not.toHaveBeenCalled();
  expect(asked).toEqual([]);
});
