import { chmod, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from './child-group';
import { withInstallLock } from './install-lock';
import type { StartProgress } from './progress';
import {
  executableName,
  temporalCacheFolder,
  TEMPORAL_CLI_VERSION,
  type Environment,
  inWorkFolder,
  removeDeadWorkFolders,
  findOnPath,
} from './temporal-cache';

/** Some 50 MB on a slow line; a refused connection fails within two seconds. */
const DOWNLOAD_LIMIT_MS = 120_000;

/**
 * The SDK downloads in native code that cannot be told to stop, and starts the server that it downloaded: in a process
 * group of its own both can be ended.
 */
const DOWNLOAD_PROGRAM = `
const { TestWorkflowEnvironment } = require(process.argv[1]);
const executable = { type: 'cached-download', version: process.argv[2], downloadDir: process.argv[3] };
TestWorkflowEnvironment.createLocal({ server: { executable } }).then(
  (server) => server.teardown(),
  (error) => { console.error(error.message.split(': error sending')[0]); process.exit(1); },
);`;

/** Lets the SDK download the temporal command line into `folder`. @returns the binary's path. */
async function downloadTemporal(folder: string, env: Environment): Promise<string> {
  const sdk = require.resolve('@temporalio/testing');
  await runToEnd(
    process.execPath,
    ['-e', DOWNLOAD_PROGRAM, sdk, `v${TEMPORAL_CLI_VERSION}`, folder],
    DOWNLOAD_LIMIT_MS,
    {
      env,
    },
  );
  const [name] = await readdir(folder);
  if (name === undefined) throw new Error('the download left no file');
  return join(folder, name);
}

/** Builds the temporal command line with the Go toolchain of PATH into `folder`. @returns the binary's path. */
export async function buildTemporal(folder: string, env: Environment): Promise<string> {
  await goInstall([`github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`], folder, env);
  return join(folder, executableName('temporal'));
}

/** One way to get a binary: puts it somewhere into the empty `folder` and returns its path; an error's message is the reason. */
export interface Source {
  readonly name: 'download' | 'build';
  readonly announcement: string;
  fetch(folder: string, env: Environment): Promise<string>;
}

export const SOURCES: readonly Source[] = [
  {
    name: 'download',
    announcement: `Downloading the Temporal server ${TEMPORAL_CLI_VERSION}`,
    fetch: downloadTemporal,
  },
  {
    name: 'build',
    announcement: `Building the Temporal server ${TEMPORAL_CLI_VERSION} with Go, once, in about 3 to 6 minutes`,
    fetch: buildTemporal,
  },
];

/** Longer than the longest installation of another process: its download and its build. */
const LOCK_LIMIT_MS = 18 * 60_000;

/** Only a binary that ran gets its final name, and gets it by one rename: an interrupted installation leaves none. */
const fetchInto = (target: string, folder: string, source: Source, env: Environment): Promise<void> =>
  inWorkFolder(folder, async (work) => {
    const fetched = await source.fetch(work, env);
    await chmod(fetched, 0o755);
    if (!(await temporalRuns(fetched))) throw new Error('the result does not run on this machine');
    await rename(fetched, target);
  });

export type Installed =
  | { readonly path: string; readonly source: 'cache' | Source['name'] }
  | { readonly path: undefined; readonly reasons: readonly string[] };

/** The binary in this user's cache, put there by the first source that works if need be. Safe for several processes. */
export async function installTemporal(
  env: Environment,
  sources: readonly Source[],
  startProgress: StartProgress,
): Promise<Installed> {
  const folder = temporalCacheFolder(env);
  const path = join(folder, executableName('temporal'));
  if (await temporalRuns(path)) return { path, source: 'cache' };
  await mkdir(folder, { recursive: true });
  return withInstallLock(folder, LOCK_LIMIT_MS, startProgress, async () => {
    if (await temporalRuns(path)) return { path, source: 'cache' };
    await removeDeadWorkFolders(folder);
    const reasons: string[] = [];
    for (const source of sources) {
      const progress = startProgress(source.announcement);
      try {
        await fetchInto(path, folder, source, env);
        return { path, source: source.name };
      } catch (error) {
        reasons.push(`${source.name}: ${(error as Error).message}`);
      } finally {
        progress.end();
      }
    }
    return { path: undefined, reasons };
  });
}

/** Three to six minutes on two cores with an empty module cache. */
const GO_INSTALL_LIMIT_MS = 15 * 60_000;

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
  await runToEnd(go, ['install', '-ldflags=-s -w', ...packages], GO_INSTALL_LIMIT_MS, {
    cwd: folder,
    env: buildEnv,
  });
}

/** `--version` prints one line and answers in well under a second; more means that this file is no working program. */
const VERSION_LIMIT_MS = 10_000;

/** Whether the file is a `temporal` command line that works on this machine. */
export async function temporalRuns(path: string): Promise<boolean> {
  try {
    return /^temporal version /m.test(await runToEnd(path, ['--version'], VERSION_LIMIT_MS));
  } catch {
    return false;
  }
}
