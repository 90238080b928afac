import type { Command } from 'commander';
import { buildProgram } from '../../../src/cli/program';

/** Every command by its name, the program itself as ''; each is complete when a test runs. */
export function commandsByName(): ReadonlyMap<string, Command> {
  const { program, loadAll } = buildProgram(() => undefined);
  beforeAll(loadAll);
  return new Map([
    ['', program],
    ...program.commands.map((command): [string, Command] => [command.name(), command]),
  ]);
}

/** What `--help` writes, at a width that no terminal of the reader changes. */
export function helpOf(command: Command): string {
  let written = '';
  command.configureOutput({ writeOut: (text) => void (written += text), getOutHelpWidth: () => 110 });
  command.outputHelp();
  return written;
}
