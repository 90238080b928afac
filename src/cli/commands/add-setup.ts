import type { Command } from 'commander';
import type * as RunSetup from '../actions/run-setup';
import { addCommonOptions, type CommonOptions } from '../common-options';
import { examples } from '../examples';
import type { Finish } from '../finish-command';

/** Adds `snapflow setup`. */
export const addSetup = (program: Command, finish: Finish): void => {
  addCommonOptions(
    program.command('setup').description('register the search attributes of Snapflow on the namespace'),
  )
    .addHelpText(
      'after',
      `\nIt may be repeated. It exits 0 when all of them are there and usable, else 1, and says what to type: on Temporal\nCloud they are added with its own tools.\n${examples(
        ['snapflow setup', 'snapflow setup --namespace production --json'],
      )}`,
    )
    .action(async (options: CommonOptions) => {
      const { runSetup } = require('../actions/run-setup') as typeof RunSetup;
      finish(await runSetup(options));
    });
};
