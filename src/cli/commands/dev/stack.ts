import { omitUndefined } from '../../../contract/omit-undefined';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { findTemporalBinary, startDevServer, type DevServer } from 'snapflow-dev-server';
import { SEARCH_ATTRIBUTES, SERVER_SETTINGS } from '../../../contract/operations';
import { startChildProgram, type Program } from './child-program';

/** Where the parts of a running stack are. */
interface StackUrls {
  /** `host:port` of the Temporal server. */
  readonly address: string;
  readonly uiUrl: string;
  readonly vcenterUrl: string;
  readonly applianceUrl: string;
  readonly controlUrl: string;
}

/** A Temporal server, a simulator and a worker that belong together. */
export interface Stack {
  readonly urls: StackUrls;
  /** Settles with a sentence when one of them ends unexpectedly. */
  readonly died: Promise<string>;
  /** Stops the worker first, so that it can hand its work back; resolves when all are gone. */
  stop(): Promise<void>;
}

export interface StackOptions {
  /** The command line's main file, which has the commands `simulator` and `worker`. */
  readonly program: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly uiPort: number;
  readonly dbFile?: string;
  readonly taskQueue?: string;
  /** Called with each line that the parts print. */
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

const HOST = '127.0.0.1';
/** The SDK takes a file that does not exist for an empty configuration; an empty file it cannot read. */
const NO_CONFIG_FILE = join(__dirname, 'no-temporal-configuration.toml');

/**
 * Starts all three, each when the one before it is ready; what was started is stopped again when one fails.
 * @throws Error with one sentence, or the signal's reason
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).toReversed()) await end();
  };
  try {
    const server = await startServer(options);
    stops.push(() => server.stop());
    options.signal.throwIfAborted();
    const simulator = await startSimulator(options);
    stops.push(() => simulator.program.stop());
    const worker = await startWorker(options, server, simulator.urls);
    stops.push(() => worker.stop());
    return {
      urls: urlsOf(server, simulator.urls),
      died: Promise.race([
        server.ended.then(() => 'The Temporal server ended unexpectedly.'),
        simulator.program.ended.then(() => 'The simulator ended unexpectedly.'),
        worker.ended.then(() => 'The worker ended unexpectedly.'),
      ]),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startServer({ port, uiPort, dbFile, print }: StackOptions): Promise<DevServer> {
  await assertPortFree(HOST, port, '--port');
  await assertPortFree(HOST, uiPort, '--ui-port');
  const { path } = await findTemporalBinary();
  print('Starting the Temporal server.');
  return startDevServer({
    binary: path,
    port,
    uiPort,
    ip: HOST,
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
    dynamicConfig: SERVER_SETTINGS,
    ...omitUndefined({ dbFile }),
  });
}

/**
 * Listens on the port for a moment, so that a port in use is named before anything starts. 0 is always free.
 * @param option the option that chooses another port
 */
export async function assertPortFree(host: string, port: number, option: string): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'is in use: stop what listens there' : `cannot be used (${code})`;
    throw new Error(`Port ${port} on ${host} ${why}, or choose another with ${option}.`, { cause: error });
  } finally {
    server.close();
  }
}

type SimulatorLine = Pick<StackUrls, 'vcenterUrl' | 'applianceUrl' | 'controlUrl'> & {
  readonly username: string;
  readonly password: string;
};

async function startSimulator({
  program,
  print,
  signal,
}: StackOptions): Promise<{ program: Program; urls: SimulatorLine }> {
  print('Starting the simulator.');
  const started = await startChildProgram({
    name: 'simulator',
    args: [program, 'simulator'],
    env: process.env,
    isReady: (line, stream) => stream === 'stdout' && line.startsWith('{'),
    print,
    signal,
  });
  return { program: started, urls: JSON.parse(started.readyLine) as SimulatorLine };
}

async function startWorker(
  { program, print, signal, taskQueue }: StackOptions,
  { address, namespace }: DevServer,
  simulator: SimulatorLine,
): Promise<Program> {
  print('Starting the worker.');
  return startChildProgram({
    name: 'worker',
    args: [program, 'worker'],
    env: {
      ...withoutSettings(process.env),
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
      // A profile of this user could add an API key or TLS, which a development server does not speak.
      TEMPORAL_CONFIG_FILE: NO_CONFIG_FILE,
      VSPHERE_VCENTER_URL: simulator.vcenterUrl,
      VSPHERE_APPLIANCE_URL: simulator.applianceUrl,
      VSPHERE_USERNAME: simulator.username,
      VSPHERE_PASSWORD: simulator.password,
      ...omitUndefined({ SNAPFLOW_TASK_QUEUE: taskQueue }),
    },
    isReady: (line) => line.includes('worker ready'),
    print,
    signal,
  });
}

/** The worker of this stack knows this stack only, whatever the user's shell is set up for. */
const withoutSettings = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(?:TEMPORAL_|VSPHERE_|SNAPFLOW_CONFIG$)/.test(name)),
  );

const urlsOf = (server: DevServer, simulator: SimulatorLine): StackUrls => ({
  address: server.address,
  uiUrl: server.uiUrl ?? '',
  vcenterUrl: simulator.vcenterUrl,
  applianceUrl: simulator.applianceUrl,
  controlUrl: simulator.controlUrl,
});
