import { connect } from 'node:net';
import { findOnPath, type Environment } from './temporal-cache';
import { installTemporal, SOURCES, type Source, temporalRuns } from './install-temporal';
import { startProgress, type StartProgress } from './progress';

/** A server that does not accept within this time would time out every call too. */
const ACCEPT_LIMIT_MS = 5_000;

function parseAddress(address: string): { host: string; port: number } {
  const url = URL.canParse(`tcp://${address}`) ? new URL(`tcp://${address}`) : undefined;
  if (!url?.hostname || !url.port) {
    throw new Error(`TEMPORAL_ADDRESS is "${address}": write it as host:port, for example 127.0.0.1:7233`);
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) };
}

/**
 * Resolves when something accepts connections at the address. TLS and credentials are not looked at: they are the business
 * of the connection made with them.
 */
async function reachAddress(address: string): Promise<void> {
  const { host, port } = parseAddress(address);
  const socket = connect({ host, port, timeout: ACCEPT_LIMIT_MS });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error: NodeJS.ErrnoException) => reject(new Error(error.code ?? error.message)));
      socket.once('timeout', () => reject(new Error('no answer')));
    });
  } catch (error) {
    const reason = (error as Error).message;
    throw new Error(
      `TEMPORAL_ADDRESS is "${address}", where no server answers (${reason}): start one there or unset the variable`,
      { cause: error },
    );
  } finally {
    socket.destroy();
  }
}

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
export async function findTemporalBinary(options: FindOptions = {}): Promise<TemporalBinary> {
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
}

/**
 * The server at `TEMPORAL_ADDRESS` when that is set (it must accept connections), else a binary to start one with.
 *
 * The first search on a machine without Temporal may build it, which takes minutes and shows its progress.
 */
export async function findTemporal(options: FindOptions = {}): Promise<FoundTemporal> {
  const address = (options.env ?? process.env).TEMPORAL_ADDRESS;
  if (!address) return findTemporalBinary(options);
  await reachAddress(address);
  return { kind: 'address', address };
}
