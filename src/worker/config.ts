import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parse, YAMLParseError } from 'yaml';
import { temporalSettings, type TemporalSettings } from '../client/temporal-settings';
import { omitUndefined } from '../contract/omit-undefined';
import { DEFAULT_CONNECTION, DEFAULT_TASK_QUEUE } from '../contract/operations';
import type { ConnectionConfig, HealthConfig, MetricsConfig, WorkerConfig } from './config-types';
import { readConnection } from './connection-config';

/** Everything that is wrong with a configuration, reported together: each line names the key and what was expected. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';

  constructor(readonly problems: readonly string[]) {
    super(
      `The worker's configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Plain variables for a single connection, and the key of the file that each stands for. */
export const CONNECTION_VARIABLES = {
  VSPHERE_VCENTER_URL: 'vcenterUrl',
  VSPHERE_APPLIANCE_URL: 'applianceUrl',
  VSPHERE_USERNAME: 'username',
  VSPHERE_PASSWORD: 'password',
  VSPHERE_PASSWORD_FILE: 'passwordFile',
  VSPHERE_CA_FILE: 'caFile',
  VSPHERE_THUMBPRINT: 'thumbprint',
  VSPHERE_TLS_VERIFY: 'tlsVerify',
} as const;

/** The connection that plain variables describe, not yet checked. */
function connectionFromEnv(environment: Environment): Record<string, unknown> {
  const entries = Object.entries(CONNECTION_VARIABLES).map(
    ([variable, key]) => [key, environment[variable]] as const,
  );
  const given = entries.filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(given.map(([key, value]) => [key, key === 'tlsVerify' ? truth(value) : value]));
}

/** Anything but the two words stays a text, which the schema then refuses. */
const truth = (value: string | undefined): unknown =>
  value === 'true' ? true : value === 'false' ? false : value;

const CONNECTION_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** The connections that a configuration file names, not yet checked. Problems are added, one sentence each. */
function connectionsFile(path: string, problems: string[]): readonly (readonly [string, unknown])[] {
  const content = contentOf(path, problems);
  if (content === undefined) return [];
  const { connections, ...others } = isRecord(content.value) ? content.value : {};
  problems.push(
    ...Object.keys(others).map((key) => `${path}: ${key} is no key of the file: only connections is.`),
  );
  if (!isRecord(connections) || Object.keys(connections).length === 0) {
    problems.push(`${path}: connections is missing or empty: give at least one named connection.`);
    return [];
  }
  const bad = Object.keys(connections).filter((name) => !CONNECTION_NAME.test(name));
  problems.push(
    ...bad.map(
      (name) =>
        `${path}: connections.${JSON.stringify(name)} is no name of a connection: give up to 63 letters, digits, ".", "_" and "-".`,
    ),
  );
  return Object.entries(connections);
}

function contentOf(path: string, problems: string[]): { readonly value: unknown } | undefined {
  try {
    return { value: parse(readFileSync(path, 'utf8')) as unknown };
  } catch (error) {
    problems.push(`SNAPFLOW_CONFIG is "${path}", which ${whyOf(error as Error)}.`);
    return undefined;
  }
}

/** The parser's own message quotes the line, and the line may hold a password. */
function whyOf(error: Error): string {
  if (!(error instanceof YAMLParseError))
    return `cannot be read (${(error as NodeJS.ErrnoException).code ?? error.name}): correct the path or its permissions`;
  const [at] = error.linePos ?? [];
  return `is no YAML (${error.code}${at === undefined ? '' : ` at line ${at.line}`}): correct it`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Long enough for a server that starts with its worker. After that, the supervisor should see it fail. */
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
    ...omitUndefined({ health, metrics }),
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
