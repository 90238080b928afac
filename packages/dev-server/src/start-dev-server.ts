import { startChildGroup, type ChildGroup } from './child-group';
import {
  devServerArguments,
  resolveDevServerOptions,
  type DevServerOptions,
  type ResolvedDevServerOptions,
} from './dev-server-options';
import { findTemporalBinary } from './find-temporal';
import { freePort } from './free-port';
import { waitUntilReady } from './wait-until-ready';

/** A running development server. It ends with this process, whatever ends that except SIGKILL. */
export interface DevServer {
  /** `host:port` for gRPC. */
  readonly address: string;
  /** Absent without a web UI. */
  readonly uiUrl?: string;
  /** Where it was given a metrics port. */
  readonly metricsUrl?: string;
  readonly namespace: string;
  readonly pid: number;
  /** Settles when the server has ended, also by itself. */
  readonly ended: Promise<unknown>;
  /** Ends the server and resolves when its process is gone; may be called twice. */
  stop(): Promise<void>;
}

/** A port can be lost between choosing and listening; three times in a row is no accident. */
const ATTEMPTS = 3;
/** Says so, or panics, where the last words are a stack without the reason: for a port that the server chose itself. */
const LOST_PORT = /in use|\.go:\d+ \+0x/;
/** The server writes its database file at SIGTERM; longer than this means that it hangs. */
const STOP_GRACE_MS = 10_000;

const withPorts = async (options: ResolvedDevServerOptions): Promise<ResolvedDevServerOptions> => ({
  ...options,
  port: options.port || (await freePort(options.ip)),
  uiPort: options.uiPort === 'off' ? 'off' : options.uiPort || (await freePort(options.ip)),
  metricsPort: options.metricsPort === 'off' ? 'off' : options.metricsPort || (await freePort(options.ip)),
});

const devServer = (child: ChildGroup, options: ResolvedDevServerOptions, address: string): DevServer => ({
  address,
  ...(options.uiPort === 'off' ? {} : { uiUrl: `http://${options.ip}:${options.uiPort}` }),
  ...(options.metricsPort === 'off'
    ? {}
    : { metricsUrl: `http://${options.ip}:${options.metricsPort}/metrics` }),
  namespace: options.namespace,
  pid: child.pid,
  ended: child.ended,
  stop: () => child.stop(STOP_GRACE_MS),
});

async function tryToStart(binary: string, wanted: ResolvedDevServerOptions): Promise<DevServer | Error> {
  const options = await withPorts(wanted);
  const address = `${options.ip}:${options.port}`;
  const child = await startChildGroup(binary, devServerArguments(options));
  try {
    if (await waitUntilReady(child, address, options.namespace, options.searchAttributes)) {
      return devServer(child, options, address);
    }
  } catch (error) {
    await child.stop(STOP_GRACE_MS);
    throw error;
  }
  await child.ended;
  return new Error(
    `The Temporal server could not start at ${address}: ${child.output().trim() || 'it said nothing'}`,
  );
}

/**
 * Starts a Temporal development server and resolves when it answers for its namespace with the search attributes.
 *
 * @throws Error with the server's own last words when it does not start, or when it is not ready within a minute.
 */
export async function startDevServer(options: DevServerOptions = {}): Promise<DevServer> {
  const binary = options.binary ?? (await findTemporalBinary()).path;
  const resolved = resolveDevServerOptions(options);
  const choosesPorts = [resolved.port, resolved.uiPort, resolved.metricsPort].includes(0);
  for (let attempt = 1; ; attempt++) {
    const started = await tryToStart(binary, resolved);
    if (!(started instanceof Error)) return started;
    if (!choosesPorts || attempt === ATTEMPTS || !LOST_PORT.test(started.message)) throw started;
  }
}
