import type { Command } from 'commander';
import type * as RunSnapshots from '../actions/run-snapshots';
import { addCommonOptions } from '../common-options';
import { examples } from '../examples';
import type { Finish } from '../finish-command';

/** Adds `snapflow snapshots`. */
export const addSnapshots = (program: Command, finish: Finish): void => {
  addCommonOptions(
    program
      .command('snapshots')
      .description('list the snapshots of a virtual machine, newest first')
      .requiredOption('--vm <vm>', 'virtual machine, name or id')
      .option('--connection <name>', "connection of the worker's configuration (default: default)")
      .option('--cluster <cluster>', 'cluster of the machine, name or id (default: found)'),
  )
    .addHelpText(
      'after',
      examples(['snapflow snapshots --vm web-01', 'snapflow snapshots --vm vm-1042 --json']),
    )
    .action(async (options: RunSnapshots.SnapshotsCommandOptions) => {
      const { runSnapshots } = require('../actions/run-snapshots') as typeof RunSnapshots;
      finish(await runSnapshots(options));
    });
};
