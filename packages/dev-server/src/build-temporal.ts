import { join } from 'node:path';
import { goInstall } from './go-install';
import { executableName, TEMPORAL_CLI_VERSION, type Environment } from './temporal-cache';

/** Builds the temporal command line with the Go toolchain of PATH into `folder`. @returns the binary's path. */
export const buildTemporal = async (folder: string, env: Environment): Promise<string> => {
  await goInstall([`github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`], folder, env);
  return join(folder, executableName('temporal'));
};
