import { Option, type Command } from 'commander';
import type * as RunSimulatorCommand from '../actions/run-simulator-command';
import { examples } from '../examples';
import type { Finish } from '../finish-command';

/** Those of the simulator's package, which is loaded when the command runs. */
export const RELEASES = ['9.1.0.0', '9.0.0.0', '8.0.3.0'] as const;

/** Adds `snapflow simulator`. */
export const addSimulator = (program: Command, finish: Finish): void => {
  program
    .command('simulator')
    .description('serve a vCenter and a snapshot appliance on loopback; prints one line of JSON')
    .option('--vcenter-port <port>', 'port of the vCenter, 0 takes a free one')
    .option('--appliance-port <port>', 'port of the appliance, 0 takes a free one')
    .option('--control-port <port>', 'port of the control API, 0 takes a free one')
    .option('--tls', 'serve HTTPS with a certificate of a fresh authority')
    .option('--tls-cert <file>', 'serve HTTPS with this certificate')
    .option('--tls-key <file>', 'private key of --tls-cert')
    .option('--inventory <file>', 'JSON file with the inventory')
    .addOption(new Option('--release <version>', 'of vCenter and appliance').choices(RELEASES))
    .option('--seed <number>', 'where random choices begin')
    .option('--clone-ms <ms>', 'how long a clone takes')
    .option('--revert-ms <ms>', 'how long a revert takes')
    .option('--restore-ms <ms>', 'how long a restore takes')
    .option('--max-clones <number>', 'how many clones run at once')
    .option('--max-reverts <number>', 'how many reverts run at once')
    .option('--session-idle-ms <ms>', 'after which an idle session ends')
    .addHelpText(
      'after',
      examples(['snapflow simulator', 'snapflow simulator --tls --clone-ms 60000 --vcenter-port 8443']),
    )
    .action(async (options: Readonly<Record<string, string | true>>) => {
      const module = require('../actions/run-simulator-command') as typeof RunSimulatorCommand;
      finish(await module.runSimulatorCommand(options));
    });
};
