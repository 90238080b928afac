import { requestWorkflowId, type OperationSettings } from '../../src/contract/operations';
import type { Control, SimulatedTask } from '../../test/environment/control';
import { openEnvironment } from '../../test/environment/open-environment';
import { openAll, type Opened } from '../../test/environment/opened';
import type { ProcessEnvironment } from '../../test/environment/processes';
import type { Program } from '../../test/environment/program';
import type { Plan, PlannedRequest } from '../judge/evidence/plan';
import type { EvidenceFolder } from './folder';
import { startGrpcPassThrough, type GrpcPassThrough } from './grpc-pass-through';
import { settingsOf, TASK_MS } from './profile';
import type { RoundServer } from './round-server';
import { startTcpPassThrough, type TcpPassThrough } from './tcp-pass-through';

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
export interface RoundEnvironment extends Omit<ProcessEnvironment, 'server'> {
  readonly plan: Plan;
  readonly evidence: EvidenceFolder;
  readonly settings: OperationSettings;
  readonly taskMs: number;
  readonly workerLink: GrpcPassThrough;
  readonly callerLink: GrpcPassThrough;
  /** Before vCenter and the appliance. */
  readonly hosts: readonly TcpPassThrough[];
  readonly server: RoundServer;
  readonly workflowId: (requestId: string) => string;
  readonly startCaller: (request: PlannedRequest) => Program;
}

export interface RoundOptions {
  readonly plan: Plan;
  readonly evidence: EvidenceFolder;
  readonly server: RoundServer;
  readonly variation: Variation;
}

export const openRoundEnvironment = (options: RoundOptions): Promise<RoundEnvironment> =>
  openAll((opened) => open(options, opened));

async function open(options: RoundOptions, opened: Opened): Promise<RoundEnvironment> {
  const { plan, evidence, server, variation } = options;
  const settings = { ...settingsOf(plan.profile), ...variation.operation };
  const link = () => opened.keep(startGrpcPassThrough(server.address), (each) => each.stop());
  const [workerLink, callerLink] = [await link(), await link()];
  const { environment, hosts } = await openBehind(workerLink, settings, options, opened);
  server.onRestart(environment.reconnect);
  const { connection, run } = environment;
  const requests = plan.requests.map((request) => ({ ...request, connection }));
  evidence.write('plan.json', { ...plan, requests });
  const runAsCaller = (role: string, args: readonly string[]) =>
    run(role, args, { TEMPORAL_ADDRESS: callerLink.address });
  return Object.assign(environment, {
    plan,
    evidence,
    settings,
    taskMs: variation.taskMs ?? TASK_MS,
    workerLink,
    callerLink,
    hosts,
    server,
    workflowId: (requestId: string) => requestWorkflowId(connection, requestId),
    run: runAsCaller,
    startCaller: (request: PlannedRequest) =>
      runAsCaller('caller', [...callerArguments(request, connection), ...(variation.callerArgs ?? [])]),
    close: () => opened.close(),
  });
}

async function openBehind(
  { address }: GrpcPassThrough,
  operation: OperationSettings,
  { plan, evidence, server, variation }: RoundOptions,
  opened: Opened,
) {
  const hosts: TcpPassThrough[] = [];
  const behindHost = async (url: string): Promise<string> => {
    const host = await opened.keep(startTcpPassThrough(url), (each) => each.stop());
    hosts.push(host);
    return host.url;
  };
  const environment = openEnvironment({
    as: 'processes',
    name: 'proof',
    temporal: server,
    simulator: simulatorArguments(plan, variation),
    between: async ({ vcenterUrl, applianceUrl }) => ({
      vcenterUrl: await behindHost(vcenterUrl),
      applianceUrl: await behindHost(applianceUrl),
    }),
    operation,
    workerEnv: { TEMPORAL_ADDRESS: address, ...variation.workerEnv },
    workers: 0,
    drainMs: 0,
    log: evidence.log,
  });
  return { environment: await opened.keep(environment, (each) => each.opened.close()), hosts };
}

const simulatorArguments = ({ seed }: Plan, { simulator = [] }: Variation): readonly string[] => [
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
  ...(request.uniqueName === true ? ['--name-suffix'] : []),
  `--connection=${connection}`,
  '--output=json',
];

/** Tasks on the machine of the round, oldest first. */
export const ourTasks = async ({
  control,
}: {
  readonly control: Control;
}): Promise<readonly SimulatedTask[]> => (await control.state()).tasks.filter(({ vm }) => vm === 'vm-1001');
