import {
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  type LogEntry,
  type TelemetryOptions,
} from '@temporalio/worker';
import { isIPv6 } from 'node:net';
import { callerIdOf } from '../activities/context';
import { SettingInvalid } from '../client/temporal-settings';
import { omitUndefined } from '../contract/omit-undefined';
import { METRICS } from '../contract/progress';
import { jsonText } from '../contract/text';
import { mask, SecretStore, SHORTEST_SECRET } from '../vsphere';
import type { MetricsConfig } from './config-types';

/** Deeper than any log entry. A cycle ends there. */
const MAX_DEPTH = 8;
/** A field of this name is a credential whatever it holds. */
const SECRET_FIELD =
  /^(?:authorization|vmware-api-session-id|(?:api|private)[-_]?key|pass(?:word|wd)|secret|token|cookie)$/i;
/** What introduces a credential in a text: up to the end of its value. */
const SECRET_PATTERNS: readonly RegExp[] = [
  /(\btoken=\\*")[^"\\]+/gi,
  /((?:authorization|vmware-api-session-id)\\*["']?\s*[:=,]\s*\\*["']?(?:(?:basic|bearer|sign)\s+)?)(?!(?:basic|bearer|sign)\s)[^\s"'\\,}\]]+/gi,
  /(\b(?:basic|bearer)\s+)[\w.~+/-]{8,}=*/gi,
  /(<(?:\w+:)?Assertion\b)[^]*?(?:<\/(?:\w+:)?Assertion>|$)/gi,
];

/** The last line of defence: a log entry's value without known secrets and without what looks like one. */
function redactLog(value: unknown, secrets: SecretStore, depth = 0): unknown {
  if (typeof value === 'string') return clean(value, secrets);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined)
    return value;
  if (typeof value !== 'object') return typeof value;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (value instanceof Error) return errorText(value, secrets, depth);
  if (value instanceof Uint8Array) return clean(Buffer.from(value).toString('utf8'), secrets);
  if (Array.isArray(value)) return value.map((each) => redactLog(each, secrets, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      clean(key, secrets),
      SECRET_FIELD.test(key) ? '[secret]' : redactLog(each, secrets, depth + 1),
    ]),
  );
}

/** An error has no own enumerable fields: its stack and its causes are what helps. */
function errorText(error: Error, secrets: SecretStore, depth: number): string {
  const own = clean(error.stack ?? error.message, secrets);
  if (error.cause === undefined) return own;
  const cause = redactLog(error.cause, secrets, depth + 1);
  return `${own}\ncaused by ${typeof cause === 'string' ? cause : JSON.stringify(cause)}`;
}

function clean(text: string, secrets: SecretStore): string {
  let masked = mask(text, secrets);
  for (const pattern of SECRET_PATTERNS) masked = masked.replaceAll(pattern, '$1[secret]');
  return masked;
}

/** How the SDK calls what one run is found by, and how we do. The same in workflows and in activities. */
const RENAMED: Readonly<Record<string, string>> = {
  workflowRunId: 'runId',
  activityType: 'activity',
  workflowType: 'workflow',
};
/** An activity's token is long and tells nothing that the ids do not. The others are the same in every line. */
const LEFT_OUT: ReadonlySet<string> = new Set(['taskToken', 'isLocal', 'sdkComponent']);

/**
 * One line of the log: JSON with time, level and message, and where it belongs to a run with `workflowId`, `runId`,
 * `connection`, and in an activity `activity`, `attempt` and `requestId`, the `X-Request-ID` of its calls.
 */
export function logLine(
  { level, message, timestampNanos, meta = {} }: LogEntry,
  secrets: SecretStore,
): string {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  const fields = Object.entries(meta)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, value]) => [RENAMED[key] ?? key, value] as const);
  const entry = { ...Object.fromEntries(fields), ...idsOf(meta), time, level, message };
  const { time: _time, level: _level, message: _message, ...others } = entry;
  return jsonText(redactLog({ time, level, message, ...others }, secrets));
}

function idsOf({ workflowId, activityId, attempt }: NonNullable<LogEntry['meta']>): Record<string, string> {
  if (typeof workflowId !== 'string') return {};
  const connection = /^snapflow(?:-[a-z]+)?:([^:]+):/.exec(workflowId)?.[1];
  return {
    ...omitUndefined({ connection }),
    ...(typeof activityId === 'string' && typeof attempt === 'number'
      ? { requestId: callerIdOf(workflowId, activityId, attempt) }
      : {}),
  };
}

/** Calls answer in milliseconds and are given up after 10 s. */
const CALL_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** A check takes a second, a clone minutes, a decision hours. */
const PHASE_BUCKETS_S = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400];

/** All three flags: without any one of them Temporal's own dashboards and alert rules find nothing. */
const prometheusOptions = ({ host, port }: MetricsConfig): NonNullable<TelemetryOptions['metrics']> => ({
  prometheus: {
    bindAddress: `${isIPv6(host) ? `[${host}]` : host}:${port}`,
    countersTotalSuffix: true,
    unitSuffix: true,
    useSecondsForDurations: true,
    histogramBucketOverrides: {
      [METRICS.callDuration.name]: CALL_BUCKETS_S,
      [METRICS.phaseDuration.name]: PHASE_BUCKETS_S,
    },
  },
});

export interface Log {
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
  readonly error: (message: string) => void;
}

/**
 * One logger for the worker, the SDK and its core: a JSON object a line on stderr, without the secrets. One endpoint for
 * its metrics and ours, where it is wanted. Call once in a process.
 * @throws SettingInvalid when the port of the metrics cannot be listened on
 */
export function installRuntime(secrets: SecretStore, metrics?: MetricsConfig): Log {
  const logger = new DefaultLogger('INFO', (entry) => write(entry, secrets));
  const logging = { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} };
  try {
    Runtime.install({
      logger,
      telemetryOptions: {
        logging,
        ...omitUndefined({ metrics: metrics === undefined ? undefined : prometheusOptions(metrics) }),
      },
    });
  } catch (error) {
    if (metrics === undefined) throw error;
    const { host, port } = metrics;
    throw new SettingInvalid(
      `SNAPFLOW_METRICS_PORT is ${port}, which cannot be opened on ${host} (${(error as Error).message}): choose another.`,
      { cause: error },
    );
  }
  return {
    info: (message) => logger.info(message),
    warn: (message) => logger.warn(message),
    error: (message) => logger.error(message),
  };
}

/**
 * The SDK reports these although they are by design: the worker of the waits has no workflows, no worker has Nexus
 * services, and an activity that ended after its time-out was told to.
 */
const EXPECTED = [
  /^No workflows registered, not polling/,
  /^No Nexus services registered, not polling/,
  /^Activity not found on completion/,
];

function write(entry: LogEntry, secrets: SecretStore): void {
  if (EXPECTED.some((pattern) => pattern.test(entry.message))) return;
  process.stderr.write(`${logLine(entry, secrets)}\n`);
}

/** Passwords, sessions and their encodings of a hundred connections; Those in use are registered again with every call. */
const MAX_SECRETS = 1_000;
/** The secrets that this process uses now. */
export const knownSecrets = (): SecretStore => new SecretStore(MAX_SECRETS, SHORTEST_SECRET);
