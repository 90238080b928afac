import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from './run-to-end';
import { TEMPORAL_CLI_VERSION, type Environment } from './temporal-cache';

/** Some 50 MB on a slow line; a refused connection fails within two seconds. */
const LIMIT_MS = 120_000;

/**
 * The SDK downloads in native code that cannot be told to stop, and starts the server that it downloaded: in a process
 * group of its own both can be ended.
 */
const PROGRAM = `
const { TestWorkflowEnvironment } = require(process.argv[1]);
const executable = { type: 'cached-download', version: process.argv[2], downloadDir: process.argv[3] };
TestWorkflowEnvironment.createLocal({ server: { executable } }).then(
  (server) => server.teardown(),
  (error) => { console.error(error.message.split(': error sending')[0]); process.exit(1); },
);`;

/** Lets the SDK download the temporal command line into `folder`. @returns the binary's path. */
export const downloadTemporal = async (folder: string, env: Environment): Promise<string> => {
  const sdk = require.resolve('@temporalio/testing');
  await runToEnd(process.execPath, ['-e', PROGRAM, sdk, `v${TEMPORAL_CLI_VERSION}`, folder], LIMIT_MS, {
    env,
  });
  const [name] = await readdir(folder);
  if (name === undefined) throw new Error('the download left no file');
  return join(folder, name);
};
