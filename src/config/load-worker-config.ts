import { isIP } from 'node:net';
import { DEFAULT_CONNECTION, DEFAULT_TASK_QUEUE } from '../contract/names';
import { ConfigInvalid } from './config-invalid';
import { CONNECTION_VARIABLES, connectionFromEnv } from './connection-from-env';
import { connectionsFile } from './connections-file';
import { readConnection } from './read-connection';
import { temporalSettings, type TemporalSettings } from './temporal-settings';
import type { ConnectionConfig, HealthConfig, MetricsConfig, WorkerConfig } from './worker-config';

type Environment = Readonly<Record<string, string | undefined>>;

/** Long enough for a server that starts with its worker; then whoever supervises the worker should see it fail. */
const CONNECT_BUDGET_MS = 120_000;
const LONGEST_CONNECT_BUDGET_MS = 24 * 3_600_000;
const HIGHEST_PORT = 65_535;
const LOOPBACK = '127.0.0.1';

/**
 * Reads the worker's configuration: the file that `SNAPFLOW_CONFIG` names, or plain `VSPHERE_…` variables for a single
 * connection, and Temporal's own variables. Throws `ConfigInvalid` with every problem at once.
 */
export function loadWorkerConfig(environment: Environment = process.env): WorkerConfig {
  const problems: string[] = [];
  const temporal = temporalOf(environment, problems);
  const file = environment['SNAPFLOW_CONFIG'] ?? '';
  const connections =
    file === '' ? fromVariables(environment, problems) : fromFile(file, environment, problems);
  const connectBudgetMs =
    wholeNumber(environment, 'SNAPFLOW_CONNECT_BUDGET_MS', [1, LONGEST_CONNECT_BUDGET_MS], problems) ??
    CONNECT_BUDGET_MS;
  const health = healthOf(environment, problems);
  const metrics = metricsOf(environment, problems);
  if (problems.length > 0 || temporal === undefined) throw new ConfigInvalid(problems);
  return {
    temporal,
    connections,
    taskQueue: environment['SNAPFLOW_TASK_QUEUE'] || DEFAULT_TASK_QUEUE,
    connectBudgetMs,
    ...(health === undefined ? {} : { health }),
    ...(metrics === undefined ? {} : { metrics }),
  };
}

function temporalOf(environment: Environment, problems: string[]): TemporalSettings | undefined {
  try {
    return temporalSettings({}, environment);
  } catch (error) {
    problems.push((error as Error).message);
    return undefined;
  }
}

function healthOf(environment: Environment, problems: string[]): HealthConfig | undefined {
  const port = wholeNumber(environment, 'SNAPFLOW_HEALTH_PORT', [0, HIGHEST_PORT], problems);
  return port === undefined ? undefined : { port, host: environment['SNAPFLOW_HEALTH_HOST'] || LOOPBACK };
}

/** Not 0: Temporal's core would take a free port and cannot say which. */
function metricsOf(environment: Environment, problems: string[]): MetricsConfig | undefined {
  const port = wholeNumber(environment, 'SNAPFLOW_METRICS_PORT', [1, HIGHEST_PORT], problems);
  const host = environment['SNAPFLOW_METRICS_HOST'] || LOOPBACK;
  if (isIP(host) === 0)
    problems.push(
      `SNAPFLOW_METRICS_HOST is ${JSON.stringify(host.slice(0, 40))}: give an IP address such as 0.0.0.0.`,
    );
  return port === undefined ? undefined : { port, host };
}

function fromVariables(environment: Environment, problems: string[]): readonly ConnectionConfig[] {
  const variables = Object.entries(CONNECTION_VARIABLES);
  const called = (key: string) => variables.find(([, field]) => field === key)?.[0] ?? key;
  return readConnection(connectionFromEnv(environment), { name: DEFAULT_CONNECTION, called }, problems);
}

function fromFile(path: string, environment: Environment, problems: string[]): readonly ConnectionConfig[] {
  const also = Object.keys(CONNECTION_VARIABLES).filter((variable) => environment[variable]);
  if (also.length > 0)
    problems.push(`SNAPFLOW_CONFIG and ${also.join(', ')} are both set: use one of the two ways.`);
  return connectionsFile(path, problems).flatMap(([name, value]) => {
    const called = (key: string) => `${path}: connections.${name}${key === '' ? '' : `.${key}`}`;
    return readConnection(value, { name, called }, problems);
  });
}

/** Absent and empty mean the default. */
function wholeNumber(
  environment: Environment,
  variable: string,
  [least, most]: readonly [number, number],
  problems: string[],
): number | undefined {
  const text = environment[variable] ?? '';
  if (text === '') return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  problems.push(
    `${variable} is ${JSON.stringify(text.slice(0, 40))}: give a whole number from ${least} to ${most}.`,
  );
  return undefined;
}
