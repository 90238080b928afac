import type { Command } from 'commander';
import type * as RunDoctor from '../actions/run-doctor';
import { addCommonOptions, type CommonOptions } from '../common-options';
import { examples } from '../examples';
import type { Finish } from '../finish-command';

/** Adds `snapflow doctor`. */
export const addDoctor = (program: Command, finish: Finish): void => {
  addCommonOptions(
    program
      .command('doctor')
      .description('look at everything that operations need, and say what is wrong and what to do'),
  )
    .addHelpText(
      'after',
      `\nIt changes nothing, and exits 1 when a check has failed; a warning is none. With --quiet a table has only what\nis not ok.\n${examples(
        ['snapflow doctor', 'snapflow doctor --quiet', 'snapflow doctor --json'],
      )}`,
    )
    .action(async (options: CommonOptions) => {
      const { runDoctor } = require('../actions/run-doctor') as typeof RunDoctor;
      finish(await runDoctor(options));
    });
};
