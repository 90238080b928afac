import { UsageError } from '../../../src/cli/errors';
import { askOrNeedYes } from '../../../src/cli/options';

const CAN = { canAsk: true };
const CANNOT = { canAsk: false };

function answering(answer: string) {
  const asked: string[] = [];
  const ask = async (question: string): Promise<string> => {
    asked.push(question);
    return answer;
  };
  return { asker: { terminal: { ask }, signal: new AbortController().signal }, asked };
}

test('where nobody can be asked it is refused, unless the answer was given with the command', () => {
  expect(() => askOrNeedYes({}, 'It is gone').check(CANNOT)).toThrow(UsageError);
  expect(() => askOrNeedYes({}, 'It is gone').check(CANNOT)).toThrow(
    'It is gone. There is no terminal to confirm it on: add --yes.',
  );
  expect(() => askOrNeedYes({ yes: true }, 'It is gone').check(CANNOT)).not.toThrow();
  expect(() => askOrNeedYes({}, 'It is gone').check(CAN)).not.toThrow();
});

test.each([
  ['y', true],
  [' Yes ', true],
  ['', false],
  ['n', false],
  ['yeah', false],
])('at a terminal the answer "%s" counts as %p', async (answer, counts) => {
  const { asker, asked } = answering(answer);
  const { confirm } = askOrNeedYes({}, 'x');
  expect(await confirm(asker, async () => 'It is lost. Do it?')).toBe(counts);
  expect(asked).toEqual(['It is lost. Do it? [y/N] ']);
});

test('with --yes nothing is asked, not even what would be lost', async () => {
  const { asker, asked } = answering('n');
  const { confirm } = askOrNeedYes({ yes: true }, 'x');
  const sentence = jest.fn(async () => 'x');
  expect(await confirm(asker, sentence)).toBe(true);
  expect(sentence).not.toHaveBeenCalled();
  expect(asked).toEqual([]);
});
