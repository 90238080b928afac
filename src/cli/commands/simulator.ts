import { Option } from 'commander';
import { examples, type DefineCommand } from '../options';
import { withPackages } from '../with-packages';

/** As commander reads them; the simulator checks their values itself. */
type SimulatorOptions = Readonly<Record<string, string | true>>;

/** Those of the simulator's package, which is loaded when the command runs. */
export const RELEASES = ['9.1.0.0', '9.0.0.0', '8.0.3.0'] as const;

export const define: DefineCommand = (command, setExitCode) => {
  command
    .option('--vcenter-port <port>', 'port of the vCenter, 0 takes a free one')
    .option('--appliance-port <port>', 'port of the appliance, 0 takes a free one')
    .option('--control-port <port>', 'port of the control API, 0 takes a free one')
    .option('--tls', 'serve HTTPS with a certificate of a fresh authority')
    .option('--tls-cert <file>', 'serve HTTPS with this certificate')
    .option('--tls-key <file>', 'private key of --tls-cert')
    .option('--inventory <file>', 'JSON file with the inventory')
    .addOption(new Option('--release <version>', 'release of vCenter and appliance').choices(RELEASES))
    .option('--seed <number>', 'seed of the random choices')
    .option('--clone-ms <ms>', 'how long a clone takes')
    .option('--revert-ms <ms>', 'how long a revert takes')
    .option('--restore-ms <ms>', 'how long a restore takes')
    .option('--max-clones <number>', 'how many clones run at once')
    .option('--max-reverts <number>', 'how many reverts run at once')
    .option('--session-idle-ms <ms>', 'how long an idle session lasts')
    .addHelpText(
      'after',
      examples(['snapflow simulator', 'snapflow simulator --tls --clone-ms 60000 --vcenter-port 8443']),
    )
    .action(async (options: SimulatorOptions) =>
      setExitCode(await withPackages('simulator', ['snapflow-simulator'], () => simulate(options))),
    );
};

async function simulate(options: SimulatorOptions): Promise<number> {
  const { runSimulator } = await import('snapflow-simulator');
  return runSimulator(
    Object.entries(options).map(([name, value]) => {
      const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      return value === true ? flag : `${flag}=${value}`;
    }),
  );
}
