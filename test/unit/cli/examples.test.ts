import { buildProgram } from '../../../src/cli/program';
import { commandsByName, helpOf } from './help-of';

/** The words after each `snapflow` in the examples of a help. None has quotes to take care of. */
const examplesIn = (help: string): readonly string[][] =>
  [...help.replaceAll('\\\n', ' ').matchAll(/^ {2}\$ (.*)$/gm)]
    .flatMap(([, line = '']) => line.split(/&&|\|\|/))
    .map((command) => /(?:^|\s)snapflow (.*)$/.exec(command.trim())?.[1])
    .flatMap((words) => (words === undefined ? [] : [words.trim().split(/\s+/)]));

/** Which command would run, with how many words taken for values or arguments; nothing runs. */
async function parsed(words: readonly string[]): Promise<string> {
  const { program, loadAll } = buildProgram(() => undefined);
  await loadAll();
  let ran = '';
  for (const command of program.commands) command.action(() => void (ran = command.name()));
  await program.parseAsync(words, { from: 'user' });
  return ran;
}

test.each([...commandsByName()])('the examples of "%s" can be typed as they are', async (name, command) => {
  const examples = examplesIn(helpOf(command));
  for (const words of examples) expect(await parsed(words)).toBe(words[0]);
  expect(examples.filter(([first]) => name === '' || first === name).length).toBeGreaterThan(0);
});
