import { Help } from 'commander';
import { buildProgram, COMMANDS, runCli } from '../../../src/cli/program';
import { expectGolden } from '../../golden/expect-golden';
import { commandsByName, helpOf } from './help-of';

const commands = commandsByName();

test.each([...commands])('the help of "%s" is as it was last read', (name, command) => {
  expectGolden(`help${name === '' ? '' : `-${name}`}`, helpOf(command));
});

test('the list of commands is the same before any of them is loaded', () => {
  expect(helpOf(buildProgram(() => undefined).program)).toBe(helpOf(commands.get('')!));
});

test.each(COMMANDS)('the list of commands says what $name takes', ({ name, takes }) => {
  expect(`${name} ${takes}`).toBe(new Help().subcommandTerm(commands.get(name)!));
});

test('"help clone" is the help of clone', async () => {
  const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const answerTo = async (...words: string[]): Promise<string> => {
    written.mockClear();
    expect(await runCli(['node', 'snapflow', ...words])).toBe(0);
    return written.mock.calls.map(([text]) => String(text)).join('');
  };
  try {
    const help = await answerTo('clone', '--help');
    expect(help).toContain('--power-on');
    expect(await answerTo('help', 'clone')).toBe(help);
  } finally {
    written.mockRestore();
  }
});
