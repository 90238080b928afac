import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { startChildGroup, type ChildGroup } from './child-group';
import { findTemporalBinary } from './find-temporal';

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

export interface DevServerOptions {
  /** The binary to start. Default: what `findTemporalBinary` finds. */
  readonly binary?: string;
  /** gRPC port; 0, the default, takes a free one. */
  readonly port?: number;
  /** Port of the web UI; 0 takes a free one, `'off'`, the default, serves none. */
  readonly uiPort?: number | 'off';
  /** Port on which the server tells its own counters in Prometheus' text format; 0 takes a free one, `'off'`, the default, the server's choice. */
  readonly metricsPort?: number | 'off';
  /** SQLite file that keeps everything across restarts. Default: in memory, forgotten at the end. */
  readonly dbFile?: string;
  /** Default `default`. */
  readonly namespace?: string;
  /** Names to register, each of type Keyword. Default: none. */
  readonly searchAttributes?: readonly string[];
  /** From which level on the server logs; its last lines are in the error when it does not start. Default `error`. */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'never';
  /** Dynamic configuration: keys to values that are written as JSON. */
  readonly dynamicConfig?: Readonly<Record<string, unknown>>;
  /** Address to listen on. Default `127.0.0.1`. */
  readonly ip?: string;
}

export type ResolvedDevServerOptions = Required<Omit<DevServerOptions, 'binary' | 'dbFile'>> &
  Pick<DevServerOptions, 'dbFile'>;

export const resolveDevServerOptions = (options: DevServerOptions): ResolvedDevServerOptions => ({
  port: options.port ?? 0,
  uiPort: options.uiPort ?? 'off',
  metricsPort: options.metricsPort ?? 'off',
  namespace: options.namespace ?? 'default',
  searchAttributes: options.searchAttributes ?? [],
  logLevel: options.logLevel ?? 'error',
  dynamicConfig: options.dynamicConfig ?? {},
  ip: options.ip ?? '127.0.0.1',
  ...(options.dbFile === undefined ? {} : { dbFile: options.dbFile }),
});

/** The command line of `temporal`; the ports in `options` are no longer 0. */
export const devServerArguments = (options: ResolvedDevServerOptions): string[] => [
  'server',
  'start-dev',
  '--ip',
  options.ip,
  '--port',
  String(options.port),
  '--namespace',
  options.namespace,
  '--log-level',
  options.logLevel,
  ...(options.uiPort === 'off' ? ['--headless'] : ['--ui-port', String(options.uiPort)]),
  ...(options.metricsPort === 'off' ? [] : ['--metrics-port', String(options.metricsPort)]),
  ...(options.dbFile === undefined ? [] : ['--db-filename', options.dbFile]),
  ...options.searchAttributes.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
  ...Object.entries(options.dynamicConfig).flatMap(([key, value]) => [
    '--dynamic-config-value',
    `${key}=${JSON.stringify(value)}`,
  ]),
];

/** In memory a server is ready within two seconds; a large database file on a busy machine takes longer. */
const LIMIT_MS = 60_000;
const CALL_LIMIT_MS = 2_000;
const POLL_MS = 100;

async function isReady(address: string, namespace: string, attributes: readonly string[]): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: CALL_LIMIT_MS });
  try {
    return await connection.withDeadline(Date.now() + CALL_LIMIT_MS, async () => {
      await connection.workflowService.describeNamespace({ namespace });
      const known = await connection.operatorService.listSearchAttributes({ namespace });
      return attributes.every((name) => name in (known.customAttributes ?? {}));
    });
  } finally {
    await connection.close();
  }
}

/**
 * Resolves when the child itself listens (it says so on stdout only after its listeners are up, so that another server on
 * the same port is not taken for it) and answers for the namespace with all search attributes.
 *
 * @returns `false` when the child ended before that.
 * @throws Error after a minute.
 */
async function waitUntilReady(
  child: ChildGroup,
  address: string,
  namespace: string,
  attributes: readonly string[],
): Promise<boolean> {
  const giveUpAt = performance.now() + LIMIT_MS;
  let reason = 'it did not say that it listens';
  while (performance.now() < giveUpAt) {
    if (child.hasEnded()) return false;
    try {
      if (child.output().includes('Server:') && (await isReady(address, namespace, attributes))) return true;
    } catch (error) {
      reason = (error as Error).message;
    }
    await delay(POLL_MS);
  }
  throw new Error(`The Temporal server at ${address} was not ready within ${LIMIT_MS / 1000} s: ${reason}`);
}

/** A port that was free a moment ago: whoever uses it must be ready to lose it and ask again. */
export const freePort = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port: 0 }, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
