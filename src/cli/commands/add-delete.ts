import type { Command } from 'commander';
import type * as RunDelete from '../actions/run-delete';
import { addCommonOptions } from '../common-options';
import { examples } from '../examples';
import type { Finish } from '../finish-command';

/** Adds `snapflow delete`. */
export const addDelete = (program: Command, finish: Finish): void => {
  addCommonOptions(
    program
      .command('delete')
      .argument('<id>', 'request id of a clone that succeeded')
      .description('delete the virtual machine that a clone made; asks before it does')
      .option('--yes', 'do not ask; needed where no terminal is')
      .option('--connection <name>', 'connection that the clone was started on (default: default)'),
  )
    .addHelpText(
      'after',
      `\nIt is deleted by id, and only while it is powered off and has the name and folder that the clone gave it: otherwise\nit is kept, and the exit code is 9. One that is gone already is fine.\n${examples(
        ['snapflow delete build-42', 'snapflow delete build-42 --yes --json'],
      )}`,
    )
    .action(async (id: string, options: RunDelete.DeleteOptions) => {
      const { runDelete } = require('../actions/run-delete') as typeof RunDelete;
      finish(await runDelete(id, options));
    });
};
