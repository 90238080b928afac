import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Snapflow } from '../../src/client';
import { omitUndefined } from '../../src/contract/omit-undefined';
import type { OperationSettings } from '../../src/contract/operations';
import type { DevServerOptions, DevServer } from '../../packages/dev-server/src/start-dev-server';
import { isAlive } from '../../packages/dev-server/src/child-group';
import { testServerAddress } from './addresses';
import { connectCaller, type Caller, type TemporalAddress } from './caller';
import { Control } from './control';
import type { Environment } from './open-environment';
import { openAll, type Opened } from './opened';
import { startSnapflowServer } from './start-snapflow-server';
import { startProgram, startSnapflow, untilProgram, whenReady, type Program } from './program';

/** The proportions of production, so short that the death of a worker is noticed in seconds. */
export const SHORT = {
  startToCloseMs: 3_000,
  quarantineMs: 3_000,
  lateCallMs: 4_000,
  heartbeatTimeoutMs: 2_000,
} as const;

/** An idle worker drains at once. */
const DRAIN_MS = 1_000;

/** A Node that keeps compiled code (22 and later) makes starts cheaper and changes nothing else. */
const INHERITED = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };

/** The simulator's first line. */
export interface SimulatedSite {
  readonly vcenterUrl: string;
  readonly applianceUrl: string;
  readonly controlUrl: string;
  readonly username: string;
  readonly password: string;
  readonly limitedUsername: string;
  readonly limitedPassword: string;
}

export interface ProcessOptions {
  /** With what the names of connection and task queue begin. */
  readonly name?: string;
  /** Default: the server that all tests share. `own`: one that is started here. */
  readonly temporal?: TemporalAddress | { readonly own: DevServerOptions };
  /** Default: one of its own. */
  readonly taskQueue?: string;
  /** Arguments of `snapflow simulator`. */
  readonly simulator?: readonly string[];
  /** vSphere as the workers are to see it, for example behind a proxy. */
  readonly between?: (site: SimulatedSite, opened: Opened) => Promise<Partial<SimulatedSite>>;
  /** Default: production's. */
  readonly operation?: Partial<OperationSettings>;
  readonly limits?: Readonly<Record<string, number>>;
  /** The workers' connections by name; default: one. The first is the environment's. */
  readonly connections?: (
    settings: Readonly<Record<string, unknown>>,
    site: SimulatedSite,
    opened: Opened,
  ) => Promise<Readonly<Record<string, object>>> | Readonly<Record<string, object>>;
  readonly workerEnv?: NodeJS.ProcessEnv;
  /** Folder of another checkout, whose built worker and caller run instead of this one's. */
  readonly build?: string;
  /** Started at once; default: one. */
  readonly workers?: 0 | 1;
  /** How long a worker may drain at the end. */
  readonly drainMs?: number;
  /** The file that gets what a program writes. */
  readonly log?: (name: string) => string;
}

/** Simulator and workers as processes of the built program; the caller is this process. */
export interface ProcessEnvironment extends Environment {
  /** As the simulator says it, with nothing in between. */
  readonly site: SimulatedSite;
  /** Where it was started here. */
  readonly server?: DevServer;
  /** In the order of their starts. */
  readonly programs: readonly Program[];
  /** The oldest worker that runs, which has the work; where none does, the newest. */
  readonly worker: () => Program;
  /** Resolves when it is ready, or its output matches. */
  readonly startWorker: (env?: NodeJS.ProcessEnv, ready?: RegExp) => Promise<Program>;
  /** SIGKILL; resolves when the process is gone. */
  readonly killWorker: () => Promise<Program>;
  /** What a worker is started with, for a program that stands for one. */
  readonly workerEnv: NodeJS.ProcessEnv;
  /** Starts a command of the built program beside the workers. */
  readonly run: (role: string, args: readonly string[], env?: NodeJS.ProcessEnv) => Program;
  /** Starts a file of ours beside it. */
  readonly start: (args: readonly string[], env?: NodeJS.ProcessEnv) => Program;
  /** Connects the caller anew, to a server that was away. */
  readonly reconnect: () => Promise<void>;
  /** What else is to be closed with it. */
  readonly opened: Opened;
}

export const openProcesses = (options: ProcessOptions): Promise<ProcessEnvironment> =>
  openAll((opened) => openAllProcesses(options, opened));

async function openAllProcesses(options: ProcessOptions, opened: Opened): Promise<ProcessEnvironment> {
  const { name = 'test', operation = {}, limits = {}, drainMs = DRAIN_MS } = options;
  const unique = `${name}-${randomUUID().slice(0, 8)}`;
  const { taskQueue = unique } = options;
  const { server, ...temporal } = await temporalOf(options, opened);
  const folder = await opened.keep(mkdtemp(join(tmpdir(), `snapflow-${name}-`)), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const { programs, keep } = programsIn(opened, options);
  const { site, control } = await startSimulator(options.simulator, keep);
  const seen = { ...site, ...(await options.between?.(site, opened)) };
  const { vcenterUrl, applianceUrl, username, password } = seen;
  const settings = { vcenterUrl, applianceUrl, username, password, operation, limits };
  const connections = (await options.connections?.(settings, site, opened)) ?? { [unique]: settings };
  const config = join(folder, 'snapflow.yaml');
  await writeFile(config, JSON.stringify({ connections }), { mode: 0o600 });
  const caller = await callerOf(temporal, taskQueue, opened, options.build);
  const callerEnv = {
    ...INHERITED,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    SNAPFLOW_TASK_QUEUE: taskQueue,
  };
  const workerEnv = { ...callerEnv, SNAPFLOW_CONFIG: config, ...options.workerEnv };
  const worker = () => workerWithTheWork(programs);
  const environment: ProcessEnvironment = {
    get snapflow(): Snapflow {
      return caller.current().snapflow;
    },
    get temporal(): Client {
      return caller.current().temporal;
    },
    reconnect: caller.reconnect,
    control,
    site,
    ...omitUndefined({ server }),
    taskQueue,
    connection: Object.keys(connections)[0] ?? unique,
    programs,
    worker,
    workerEnv,
    startWorker: (env = {}, ready = /worker ready/) =>
      whenReady(
        keep(
          (log) =>
            startSnapflow(['worker'], { env: { ...workerEnv, ...env }, ...log('worker') }, options.build),
          drainMs,
        ),
        ready,
      ),
    killWorker: async () => {
      const victim = worker();
      victim.signal('SIGKILL');
      await victim.ended;
      return victim;
    },
    run: (role, args, env = {}) =>
      keep((log) => startSnapflow(args, { role, env: { ...callerEnv, ...env }, ...log(role) })),
    start: (args, env = {}) => keep(() => startProgram(args, { env: { ...callerEnv, ...env } }), drainMs),
    opened,
    close: async () => {
      await opened.close();
      const left = programs.filter(({ pid }) => isAlive(pid)).map(({ role, pid }) => `${role} ${pid}`);
      if (left.length > 0) throw new Error(`Processes are left: ${left.join(', ')}.`);
    },
  };
  if (options.workers !== 0) await environment.startWorker();
  return environment;
}

/** A simulator, ready. */
export async function startSimulator(
  args: readonly string[] = [],
  keep: Keep = (start) => start(() => ({})),
): Promise<{ readonly site: SimulatedSite; readonly control: Control; readonly program: Program }> {
  const program = keep((log) =>
    startSnapflow(['simulator', ...args], { env: INHERITED, ...log('simulator') }),
  );
  const line = await untilProgram(program, 'is ready', ({ stdout }) => /^\{.*\}$/m.exec(stdout())?.[0]);
  const site = JSON.parse(line) as SimulatedSite;
  return { site, control: new Control(site.controlUrl), program };
}

type Log = (role: string) => { readonly log?: string };
/** Has a program ended with the environment, after `graceMs` to end by itself. */
type Keep = (start: (log: Log) => Program, graceMs?: number) => Program;

function programsIn(opened: Opened, { log }: ProcessOptions) {
  const programs: Program[] = [];
  const logOf: Log = (role) =>
    log === undefined ? {} : { log: log(`${String(programs.length).padStart(2, '0')}-${role}`) };
  const keep: Keep = (start, graceMs = 0) => {
    const program = start(logOf);
    programs.push(program);
    void opened.keep(Promise.resolve(program), (each) => each.stop(graceMs));
    return program;
  };
  return { programs, keep };
}

async function temporalOf({ temporal }: ProcessOptions, opened: Opened) {
  if (temporal === undefined) return { address: testServerAddress(), namespace: 'default' };
  if (!('own' in temporal)) return { namespace: 'default', ...temporal };
  const server = await opened.keep(startSnapflowServer(temporal.own), (each) => each.stop());
  return { address: server.address, namespace: server.namespace, server };
}

/** A killed server takes its connections along: they are opened anew when it is back. */
async function callerOf(temporal: TemporalAddress, taskQueue: string, opened: Opened, build?: string) {
  // Closed not before the end: the SDK repeats a call by a timer, which throws where the connection was closed meanwhile.
  const connect = (): Promise<Caller> =>
    opened.keep(connectCaller(temporal, taskQueue, build), (each) => each.close());
  let current = await connect();
  return {
    current: () => current,
    reconnect: async () => {
      current = await connect();
    },
  };
}

function workerWithTheWork(programs: readonly Program[]): Program {
  const workers = programs.filter(({ role }) => role === 'worker');
  const worker = workers.find(({ end }) => end() === undefined) ?? workers.at(-1);
  if (worker === undefined) throw new Error('No worker was started yet.');
  return worker;
}
