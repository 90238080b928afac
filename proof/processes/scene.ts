import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Snapflow } from '../../src/client';
import { requestWorkflowId, type OperationSettings } from '../../src/contract/operations';
import type { Plan, PlannedRequest } from '../judge/evidence/plan';
import type { EvidenceFolder } from './folder';
import { startGrpcPassThrough, type GrpcPassThrough } from './grpc-pass-through';
import { settingsOf, TASK_MS } from './profile';
import { startProgram, type Program } from './program';
import type { RoundServer } from './round-server';
import { SimulatorControl } from './simulator-control';
import { startTcpPassThrough, type TcpPassThrough } from './tcp-pass-through';
import { until } from './until';

/** Several start at once on two busy cores. */
const READY_WITHIN_MS = 90_000;

/** Where the harness's Node keeps compiled code (22 and later) makes starts cheaper and changes nothing else. */
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

/** What a fault wants to be different from the start on. */
export interface Variation {
  readonly simulator?: readonly string[];
  readonly workerEnv?: Readonly<Record<string, string>>;
  /** Merged into the connection's settings. */
  readonly operation?: Partial<OperationSettings>;
  /** How long the task takes. */
  readonly taskMs?: number;
  /** More words on the caller's command line. */
  readonly callerArgs?: readonly string[];
}

/** The product as processes, each on its own connection through a pass-through. */
export interface Scene {
  readonly plan: Plan;
  readonly evidence: EvidenceFolder;
  readonly connection: string;
  readonly taskQueue: string;
  readonly settings: OperationSettings;
  readonly site: SimulatedSite;
  readonly control: SimulatorControl;
  readonly workerLink: GrpcPassThrough;
  readonly callerLink: GrpcPassThrough;
  readonly taskMs: number;
  /** Before vCenter and the appliance. */
  readonly hosts: readonly TcpPassThrough[];
  readonly server: RoundServer;
  /** Straight to the server, not through a pass-through: outside the product. */
  readonly temporal: () => Client;
  readonly snapflow: () => Snapflow;
  readonly workflowId: (requestId: string) => string;
  readonly programs: readonly Program[];
  readonly worker: () => Program;
  readonly startWorker: (env?: Readonly<Record<string, string>>) => Promise<Program>;
  readonly startCaller: (request: PlannedRequest) => Program;
  /** A program of ours with the environment of a caller. */
  readonly run: (role: string, argv: readonly string[]) => Program;
  readonly close: () => Promise<void>;
}

export interface SceneOptions {
  readonly plan: Plan;
  readonly evidence: EvidenceFolder;
  readonly server: RoundServer;
  readonly variation: Variation;
}

export async function openScene({ plan, evidence, server, variation }: SceneOptions): Promise<Scene> {
  const name = `proof-${randomUUID().slice(0, 8)}`;
  const settings = { ...settingsOf(plan.profile), ...variation.operation };
  const requests = plan.requests.map((request) => ({ ...request, connection: name }));
  evidence.write('plan.json', { ...plan, requests });
  const scratch = await mkdtemp(join(tmpdir(), 'snapflow-round-'));
  const { programs, start } = programsOf(evidence);
  const site = await startSimulator(start, simulatorArguments(plan, variation));
  const links = await openLinks(server, site);
  const config = join(scratch, 'snapflow.yaml');
  await writeFile(config, workerConfig(name, links.site, settings), { mode: 0o600 });
  const clients = await openClients(server, name);
  const queue = { SNAPFLOW_TASK_QUEUE: name };
  const workerEnv = { ...queue, TEMPORAL_ADDRESS: links.workerLink.address, SNAPFLOW_CONFIG: config };
  const run = (role: string, argv: readonly string[]) =>
    start(role, argv, { ...queue, TEMPORAL_ADDRESS: links.callerLink.address });
  return {
    plan,
    evidence,
    connection: name,
    taskQueue: name,
    settings,
    taskMs: variation.taskMs ?? TASK_MS,
    control: new SimulatorControl(site.controlUrl),
    server,
    ...links,
    site,
    ...clients,
    workflowId: (requestId) => requestWorkflowId(name, requestId),
    programs,
    worker: () => oldestWorker(programs),
    startWorker: async (env = {}) => {
      const worker = start('worker', ['worker'], { ...workerEnv, ...variation.workerEnv, ...env });
      await ready(worker, () => /worker ready/.test(worker.stderr()) || undefined);
      return worker;
    },
    startCaller: (request) =>
      run('caller', [...callerArguments(request, name), ...(variation.callerArgs ?? [])]),
    run,
    close: async () => {
      await endPrograms(programs);
      await clients.close();
      await links.close();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

type Start = (role: string, argv: readonly string[], env: NodeJS.ProcessEnv) => Program;

async function startSimulator(start: Start, argv: readonly string[]): Promise<SimulatedSite> {
  const simulator = start('simulator', argv, {});
  const line = await ready(simulator, () => /^\{.*\}$/m.exec(simulator.stdout())?.[0]);
  return JSON.parse(line) as SimulatedSite;
}

/** What stands between the programs; `site` is vSphere as the worker is to see it. */
async function openLinks(server: RoundServer, site: SimulatedSite) {
  const workerLink = await startGrpcPassThrough(server.address);
  const callerLink = await startGrpcPassThrough(server.address);
  const vcenter = await startTcpPassThrough(site.vcenterUrl);
  const appliance = await startTcpPassThrough(site.applianceUrl);
  const hosts = [vcenter, appliance];
  return {
    workerLink,
    callerLink,
    hosts,
    site: { ...site, vcenterUrl: vcenter.url, applianceUrl: appliance.url },
    close: async () => {
      for (const link of [workerLink, callerLink, ...hosts]) await link.stop();
    },
  };
}

async function endPrograms(programs: readonly Program[]): Promise<void> {
  for (const program of programs) program.signal('SIGKILL');
  await Promise.all(programs.map(({ ended }) => ended));
}

function programsOf(evidence: EvidenceFolder) {
  const programs: Program[] = [];
  const start = (role: string, argv: readonly string[], env: NodeJS.ProcessEnv): Program => {
    const log = evidence.log(`${String(programs.length).padStart(2, '0')}-${role}`);
    const program = startProgram({ role, argv, env: { ...INHERITED, ...env }, log });
    programs.push(program);
    return program;
  };
  return { programs, start };
}

/** Who has the work: the oldest one that runs. */
function oldestWorker(programs: readonly Program[]): Program {
  const workers = programs.filter(({ role }) => role === 'worker');
  const worker = workers.find(({ end }) => end() === undefined) ?? workers.at(-1);
  if (worker === undefined) throw new Error('no worker was started yet');
  return worker;
}

function workerConfig(name: string, site: SimulatedSite, operation: OperationSettings): string {
  const { vcenterUrl, applianceUrl, username, password } = site;
  return JSON.stringify({
    connections: { [name]: { vcenterUrl, applianceUrl, username, password, operation } },
  });
}

/** A killed server takes its connections along: they are opened anew when it is back. */
async function openClients(server: RoundServer, taskQueue: string) {
  let clients = await connectClients(server.address, taskQueue);
  const all = [clients];
  server.onRestart(async () => {
    clients = await connectClients(server.address, taskQueue);
    all.push(clients);
  });
  return {
    temporal: () => clients.temporal,
    snapflow: () => clients.snapflow,
    // Not before the end: the SDK repeats a call by a timer, which throws where the connection was closed meanwhile.
    close: async () => {
      for (const each of all) await each.close();
    },
  };
}

async function connectClients(address: string, taskQueue: string) {
  const connection = await Connection.connect({ address });
  const snapflow = await Snapflow.connect({ address, taskQueue });
  return {
    temporal: new Client({ connection }),
    snapflow,
    close: async () => {
      await snapflow.close();
      await connection.close();
    },
  };
}

const simulatorArguments = ({ seed }: Plan, { simulator = [] }: Variation): readonly string[] => [
  'simulator',
  `--seed=${seed}`,
  `--clone-ms=${TASK_MS}`,
  `--revert-ms=${TASK_MS}`,
  ...simulator,
];

const callerArguments = (request: PlannedRequest, connection: string): readonly string[] => [
  request.operation,
  `--vm=${request.vm}`,
  `--snapshot=${request.snapshot}`,
  `--request-id=${request.requestId}`,
  request.name === undefined ? '--yes' : `--name=${request.name}`,
  `--connection=${connection}`,
  '--output=json',
];

async function ready<T>(program: Program, probe: () => T | undefined): Promise<T> {
  const seen = await until(READY_WITHIN_MS, () => {
    if (program.end() !== undefined)
      throw new Error(`The ${program.role} ended by itself: ${program.stderr().slice(-2_000)}`);
    return probe();
  });
  if (seen === undefined) throw new Error(`The ${program.role} was not ready within ${READY_WITHIN_MS} ms.`);
  return seen;
}
