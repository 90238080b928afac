import { join } from 'node:path';
import { findOnPath } from './find-on-path';
import { runToEnd } from './run-to-end';
import { executableName, TEMPORAL_CLI_VERSION, type Environment } from './temporal-cache';

/** Three to six minutes on two cores with an empty module cache. */
const LIMIT_MS = 15 * 60_000;

/** Builds the temporal command line with the Go toolchain of PATH into `folder`. @returns the binary's path. */
export const buildTemporal = async (folder: string, env: Environment): Promise<string> => {
  const go = await findOnPath('go', env);
  if (go === undefined) throw new Error('no "go" on PATH');
  // Settings that point the build at another machine, a vendor folder or a C compiler would make it fail.
  const buildEnv = { ...env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '', GOOS: '', GOARCH: '' };
  const module = `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`;
  // Without debug information, which nobody needs here: 40 MB less.
  await runToEnd(go, ['install', '-ldflags=-s -w', module], LIMIT_MS, { cwd: folder, env: buildEnv });
  return join(folder, executableName('temporal'));
};
