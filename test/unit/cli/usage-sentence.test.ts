import { usageSentence } from '../../../src/cli/usage';

test("commander's own words keep their lines and cannot steer the terminal", () => {
  expect(usageSentence("error: unknown option '--a\u001B[2J\u202E\u009B'\n(Did you mean --all?)\n")).toBe(
    '--a [2J  is no option: did you mean --all?\n',
  );
});

test('a remedy that repeats the value cannot either', () => {
  const said =
    "error: option '--state <state,...>' argument 'x\u200B' is invalid. There is no state \"x\u200B\".\n";
  expect(usageSentence(said)).toBe('--state is "x\\u200b": there is no state "x ".\n');
});
