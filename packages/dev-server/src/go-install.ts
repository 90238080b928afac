import { findOnPath } from './find-on-path';
import { runToEnd } from './run-to-end';
import type { Environment } from './temporal-cache';

/** Three to six minutes on two cores with an empty module cache. */
const LIMIT_MS = 15 * 60_000;

/**
 * Builds Go programs with the toolchain of PATH; each is put into `folder`, under the last part of its package's path.
 * @throws Error whose message is the reason alone
 */
export async function goInstall(
  packages: readonly string[],
  folder: string,
  env: Environment,
): Promise<void> {
  const go = await findOnPath('go', env);
  if (go === undefined) throw new Error('no "go" on PATH');
  // Settings that point the build at another machine, a vendor folder or a C compiler would make it fail.
  const buildEnv = { ...env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '', GOOS: '', GOARCH: '' };
  // Without debug information, which nobody needs here: 40 MB less.
  await runToEnd(go, ['install', '-ldflags=-s -w', ...packages], LIMIT_MS, { cwd: folder, env: buildEnv });
}
