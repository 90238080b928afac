import { join } from 'node:path';
import { omitUndefined } from '../../src/contract/omit-undefined';
import type { ComposeService } from './load-compose';
import { asHere } from './as-here';
import type { ClusterPlace } from './cluster-place';
import type { ClusterPorts } from './cluster-ports';
import { postgresUser, type PostgresUser } from './find-postgres';

const ROOT = join(__dirname, '../..');

/** A service of the compose file as a process of this machine. */
export interface ServiceHere {
  readonly command: readonly string[];
  readonly healthCheck?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly user: PostgresUser;
}

/** What the image runs where the compose file names no command. */
const IMAGE_COMMANDS: Readonly<Record<string, readonly string[]>> = {
  ui: ['ui-server', '--env', 'docker', 'start'],
  worker: ['node', 'dist/cli/main.js', 'worker'],
};

/**
 * `copy` counts the replicas from 1. Command, environment and health check are the compose file's; besides addresses and
 * paths the only differences are the `additions`: what containers need not say, having a network of their own.
 */
export function serviceHere(
  name: string,
  service: ComposeService,
  place: ClusterPlace,
  copy = 1,
): ServiceHere {
  const own = ownPort(name, copy, place.ports);
  const here = (text: string | number): string => asHere(String(text), place, own);
  const command = service.command ?? IMAGE_COMMANDS[name];
  if (command === undefined) throw new Error(`the service ${name} has no command`);
  const given = Object.entries(service.environment ?? {}).map(([key, value]) => [key, here(value)] as const);
  const test = service.healthcheck?.test?.slice(1);
  return {
    command: [...command.map(here), ...(name === 'postgresql' ? postgresArguments(place) : [])],
    ...omitUndefined({ healthCheck: test?.map(here) }),
    env: {
      PATH: place.path,
      HOME: place.folder,
      ...Object.fromEntries(given),
      ...additions(name, place.ports),
    },
    cwd: service.build === undefined ? cwdOf(name, place) : ROOT,
    user: name === 'postgresql' ? postgresUser() : {},
  };
}

function ownPort(name: string, copy: number, ports: ClusterPorts): number {
  if (name === 'ui') return ports.ui;
  if (name === 'simulator-worker') return ports.simulatorWorker;
  return copy === 1 ? ports.worker1 : ports.worker2;
}

const cwdOf = (name: string, { folder }: ClusterPlace): string =>
  name === 'ui' ? join(folder, 'home/ui-server') : folder;

function additions(name: string, ports: ClusterPorts): Readonly<Record<string, string>> {
  if (name === 'postgresql') return { PGPORT: String(ports.postgresql) };
  if (name === 'ui') return { TEMPORAL_UI_PORT: String(ports.ui) };
  return name === 'temporal' ? serverAdditions(ports) : {};
}

const serverAdditions = (ports: ClusterPorts): Readonly<Record<string, string>> => ({
  BIND_ON_IP: '127.0.0.1',
  FRONTEND_GRPC_PORT: String(ports.frontend),
  FRONTEND_HTTP_PORT: String(ports.frontendHttp),
  FRONTEND_MEMBERSHIP_PORT: String(ports.frontendMembership),
  MATCHING_GRPC_PORT: String(ports.matching),
  MATCHING_MEMBERSHIP_PORT: String(ports.matchingMembership),
  HISTORY_GRPC_PORT: String(ports.history),
  HISTORY_MEMBERSHIP_PORT: String(ports.historyMembership),
  WORKER_GRPC_PORT: String(ports.internalWorker),
  WORKER_MEMBERSHIP_PORT: String(ports.internalWorkerMembership),
});

/** Where the image has its data, and no socket: its folder may be too deep for one. */
const postgresArguments = ({ folder, ports }: ClusterPlace): readonly string[] => [
  '-D',
  join(folder, 'var/lib/postgresql/data'),
  '-c',
  'listen_addresses=127.0.0.1',
  '-c',
  `port=${ports.postgresql}`,
  '-c',
  'unix_socket_directories=',
];
