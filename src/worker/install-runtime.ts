import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogEntry } from '@temporalio/worker';
import { SettingInvalid } from '../config/setting-invalid';
import type { MetricsConfig } from '../config/worker-config';
import type { KnownSecrets } from './known-secrets';
import { logLine } from './log-line';
import { prometheusOptions } from './prometheus-options';

export interface Log {
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
}

/**
 * One logger for the worker, the SDK and its core: a JSON object a line on stderr, without the secrets. One endpoint for
 * its metrics and ours, where it is wanted. Call once in a process.
 * @throws SettingInvalid when the port of the metrics cannot be listened on
 */
export function installRuntime(secrets: KnownSecrets, metrics?: MetricsConfig): Log {
  const logger = new DefaultLogger('INFO', (entry) => write(entry, secrets));
  const logging = { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} };
  try {
    Runtime.install({
      logger,
      telemetryOptions: {
        logging,
        ...(metrics === undefined ? {} : { metrics: prometheusOptions(metrics) }),
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
  return { info: (message) => logger.info(message), warn: (message) => logger.warn(message) };
}

/**
 * Said by the SDK about things that are so by design: the worker of the waits has no workflows, nobody has Nexus
 * services, and an activity that ended after its time-out was told to.
 */
const EXPECTED = [
  /^No workflows registered, not polling/,
  /^No Nexus services registered, not polling/,
  /^Activity not found on completion/,
];

function write(entry: LogEntry, secrets: KnownSecrets): void {
  if (EXPECTED.some((pattern) => pattern.test(entry.message))) return;
  process.stderr.write(`${logLine(entry, secrets)}\n`);
}
