import { findOnPath } from './find-on-path';
import { installTemporal, SOURCES, type Source } from './install-temporal';
import { startProgress, type StartProgress } from './progress';
import { reachAddress } from './reach-address';
import type { Environment } from './temporal-cache';
import { temporalRuns } from './temporal-runs';

/** A `temporal` command line that runs here, and where it comes from. */
export interface TemporalBinary {
  readonly kind: 'binary';
  readonly path: string;
  readonly source: 'path' | 'cache' | Source['name'];
}

/** A server that somebody else runs. */
interface TemporalAddress {
  readonly kind: 'address';
  readonly address: string;
}

export type FoundTemporal = TemporalAddress | TemporalBinary;

export interface FindOptions {
  /** Default: this process's environment. */
  readonly env?: Environment;
  /** Default: a line on stderr. */
  readonly startProgress?: StartProgress;
  /** Ways to get a binary, tried in order. Default: the SDK's download, then a build with Go. */
  readonly sources?: readonly Source[];
}

const notFound = (reasons: readonly string[]): Error =>
  new Error(
    `There is no Temporal server here and none could be installed (no working "temporal" on PATH; ${reasons.join('; ')}): ` +
      `install the temporal command line, set TEMPORAL_ADDRESS to a running server, or install Go and repeat`,
  );

/**
 * The `temporal` of PATH, else that of this user's cache, else a download by the SDK, else a build with Go.
 *
 * @throws Error with one message that lists what was tried and the choices left.
 */
export const findTemporalBinary = async (options: FindOptions = {}): Promise<TemporalBinary> => {
  const env = options.env ?? process.env;
  const onPath = await findOnPath('temporal', env);
  if (onPath !== undefined && (await temporalRuns(onPath)))
    return { kind: 'binary', path: onPath, source: 'path' };
  const installed = await installTemporal(
    env,
    options.sources ?? SOURCES,
    options.startProgress ?? startProgress,
  );
  if (installed.path === undefined) throw notFound(installed.reasons);
  return { kind: 'binary', path: installed.path, source: installed.source };
};

/**
 * The server at `TEMPORAL_ADDRESS` when that is set (it must accept connections), else a binary to start one with.
 *
 * The first search on a machine without Temporal may build it, which takes minutes and shows its progress.
 */
export const findTemporal = async (options: FindOptions = {}): Promise<FoundTemporal> => {
  const address = (options.env ?? process.env).TEMPORAL_ADDRESS;
  if (!address) return findTemporalBinary(options);
  await reachAddress(address);
  return { kind: 'address', address };
};
