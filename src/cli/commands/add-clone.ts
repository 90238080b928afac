import { Option, type Command } from 'commander';
import type * as RunClone from '../actions/run-clone';
import { addCommonOptions } from '../common-options';
import { examples } from '../examples';
import type { Finish } from '../finish-command';
import { addStartOptions } from './add-start-options';

/** Adds `snapflow clone`. Actions are loaded when they run: `--help` needs none of them. */
export const addClone = (program: Command, finish: Finish): void => {
  const command = program
    .command('clone')
    .description('make a linked clone of a virtual machine from one of its snapshots')
    .option('--vm <vm>', 'source virtual machine, name or id (required)')
    .option('--snapshot <snapshot>', 'snapshot name or id, or latest (required)')
    .option('--name <name>', 'name of the new virtual machine (required)')
    .option('--folder <folder>', "folder of the new machine, name or id (default: the datacenter's)")
    .option('--resource-pool <pool>', 'resource pool, name or id (default: the service chooses)')
    .option('--host <host>', 'host of the cluster, name or id (default: the service chooses)')
    .option('--power-on', 'power the clone on at the end')
    .addOption(
      new Option('--on-failure <what>', 'with a clone whose power on failed').choices(['delete', 'keep']),
    )
    .option('--connection <name>', "connection of the worker's configuration (default: default)")
    .option('--cluster <cluster>', 'cluster of the source, name or id (default: found)');
  addStartOptions(command, 'name');
  addCommonOptions(command)
    .addHelpText(
      'after',
      examples([
        'snapflow clone --vm web-01 --snapshot latest --name ci-42',
        'snapflow clone --vm web-01 --snapshot nightly-0412 --name ci-42 --request-id build-42 --json',
        'snapflow clone --vm web-01 --snapshot latest --name ci-42 --plan',
      ]),
    )
    .action(async (options: RunClone.CloneOptions) => {
      const { runClone } = require('../actions/run-clone') as typeof RunClone;
      finish(await runClone(options));
    });
};
