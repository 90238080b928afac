import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { z } from 'zod';
import { DEFAULT_CONNECTION, DEFAULT_TASK_QUEUE } from '../contract/names';
import type { AllowList } from '../contract/allow-list';
import { ConfigInvalid } from './config-invalid';
import { CONNECTION_VARIABLES, connectionFromEnv } from './connection-from-env';
import { connectionSchema, type ConnectionInput } from './connection-schema';
import type { ConnectionConfig, WorkerConfig } from './worker-config';

type Environment = Readonly<Record<string, string | undefined>>;

/** Long enough for a server that starts with its worker; then whoever supervises the worker should see it fail. */
const CONNECT_BUDGET_MS = 120_000;
const CONNECTION_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/**
 * Reads the worker's configuration: the file that `SNAPFLOW_CONFIG` names, or plain `VSPHERE_…` variables for a single
 * connection. Throws `ConfigInvalid` with every problem at once.
 */
export function loadWorkerConfig(environment: Environment = process.env): WorkerConfig {
  const problems: string[] = [];
  const file = environment['SNAPFLOW_CONFIG'];
  const connections =
    file === undefined || file === ''
      ? fromVariables(environment, problems)
      : fromFile(file, environment, problems);
  const connectBudgetMs = Number(environment['SNAPFLOW_CONNECT_BUDGET_MS'] ?? CONNECT_BUDGET_MS);
  if (!(Number.isInteger(connectBudgetMs) && connectBudgetMs > 0)) {
    problems.push(
      `SNAPFLOW_CONNECT_BUDGET_MS: expected milliseconds above 0, got "${environment['SNAPFLOW_CONNECT_BUDGET_MS']}"`,
    );
  }
  if (problems.length > 0) throw new ConfigInvalid(problems);
  return {
    connections,
    taskQueue: environment['SNAPFLOW_TASK_QUEUE'] || DEFAULT_TASK_QUEUE,
    connectBudgetMs,
  };
}

function fromVariables(environment: Environment, problems: string[]): readonly ConnectionConfig[] {
  const variables = Object.entries(CONNECTION_VARIABLES);
  const variableOf = (key: string) => variables.find(([, field]) => field === key)?.[0] ?? key;
  return connection(DEFAULT_CONNECTION, connectionFromEnv(environment), variableOf, problems);
}

function fromFile(path: string, environment: Environment, problems: string[]): readonly ConnectionConfig[] {
  const also = Object.keys(CONNECTION_VARIABLES).filter((variable) => environment[variable]);
  if (also.length > 0)
    problems.push(`SNAPFLOW_CONFIG and ${also.join(', ')} are both set: use one of the two ways`);
  const named = connectionsIn(path, problems);
  return Object.entries(named).flatMap(([name, value]) => {
    if (!CONNECTION_NAME.test(name))
      problems.push(`${path}: connections."${name}": expected a name of letters, digits, ".", "_" and "-"`);
    return connection(name, value, (key) => `${path}: connections.${name}.${key}`, problems);
  });
}

function connectionsIn(path: string, problems: string[]): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = parse(readFileSync(path, 'utf8'));
    if (
      isRecord(content) &&
      isRecord(content['connections']) &&
      Object.keys(content['connections']).length > 0
    ) {
      return content['connections'];
    }
    problems.push(`${path}: connections: expected at least one named connection`);
  } catch (error) {
    problems.push(`SNAPFLOW_CONFIG: "${path}" cannot be read: ${(error as Error).message.split('\n')[0]}`);
  }
  return {};
}

function connection(
  name: string,
  value: unknown,
  called: (key: string) => string,
  problems: string[],
): readonly ConnectionConfig[] {
  const parsed = connectionSchema.safeParse(value);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.flatMap((issue) => describe(issue, called)));
    return [];
  }
  const { password, passwordFile, caFile } = parsed.data;
  if ((password === undefined) === (passwordFile === undefined)) {
    problems.push(`${called('password')}: expected either it or ${called('passwordFile')}`);
  }
  readable(passwordFile, called('passwordFile'), problems);
  const ca = readable(caFile, called('caFile'), problems);
  return [
    {
      vsphere: { name, ...vsphereSettings(parsed.data), ...(ca === undefined ? {} : { ca }) },
      operation: parsed.data.operation,
      allow: allowOnly(parsed.data.allow),
    },
  ];
}

const vsphereSettings = ({
  vcenterUrl,
  applianceUrl,
  username,
  password,
  passwordFile,
  thumbprint,
  tlsVerify,
}: ConnectionInput) => ({
  vcenterUrl,
  applianceUrl,
  username,
  // Read at every login, so that a rotated password needs no restart.
  password:
    passwordFile === undefined
      ? (password ?? '')
      : async () => (await readFile(passwordFile, 'utf8')).trimEnd(),
  ...(thumbprint === undefined ? {} : { thumbprint }),
  ...(tlsVerify === undefined ? {} : { tlsVerify }),
});

/** An absent list is left out: with exact optional types an undefined one would be a value. */
const allowOnly = (allow: ConnectionInput['allow']): AllowList =>
  Object.fromEntries(Object.entries(allow).filter(([, names]) => names !== undefined));

function readable(path: string | undefined, key: string, problems: string[]): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    problems.push(`${key}: "${path}" cannot be read: ${(error as NodeJS.ErrnoException).code}`);
    return undefined;
  }
}

/** No value is quoted: it could be a secret in the wrong place. */
function describe(issue: z.core.$ZodIssue, called: (key: string) => string): readonly string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${called(key)}: no such key`);
  return [
    `${called(issue.path.join('.'))}: ${issue.input === undefined ? `missing, ${issue.message}` : issue.message}`,
  ];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
