import type { Command } from 'commander';
import type * as RunRevert from '../actions/run-revert';
import { addCommonOptions } from '../common-options';
import { examples } from '../examples';
import type { Finish } from '../finish-command';
import { addStartOptions } from './add-start-options';

/** Adds `snapflow revert`. */
export const addRevert = (program: Command, finish: Finish): void => {
  const command = program
    .command('revert')
    .description('revert a virtual machine to one of its snapshots; asks before it does')
    .option('--vm <vm>', 'virtual machine, name or id (required)')
    .option('--snapshot <snapshot>', 'snapshot name or id, or latest (required)')
    .option('--restore-power', 'bring the power state back (default: a revert leaves the machine off)')
    .option('--yes', 'do not ask; needed where no terminal is')
    .option('--connection <name>', "connection of the worker's configuration (default: default)")
    .option('--cluster <cluster>', 'cluster of the machine, name or id (default: found)');
  addStartOptions(command, 'machine');
  addCommonOptions(command)
    .addHelpText(
      'after',
      `\nWhat was written to the machine since the snapshot is lost. The service takes a snapshot just before: it is printed\nas the undo snapshot.\n${examples(
        [
          'snapflow revert --vm web-01 --snapshot nightly-0412',
          'snapflow revert --vm web-01 --snapshot latest --restore-power --yes --json',
          'snapflow snapshots --vm web-01',
        ],
      )}`,
    )
    .action(async (options: RunRevert.RevertOptions) => {
      const { runRevert } = require('../actions/run-revert') as typeof RunRevert;
      finish(await runRevert(options));
    });
};
