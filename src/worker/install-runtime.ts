import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogEntry } from '@temporalio/worker';

export interface Log {
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
}

/** One logger for the worker, the SDK and its core: a JSON object a line on stderr. Call once in a process. */
export function installRuntime(): Log {
  const logger = new DefaultLogger('INFO', write);
  Runtime.install({
    logger,
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
    },
  });
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

function write({ level, message, timestampNanos, meta }: LogEntry): void {
  if (EXPECTED.some((pattern) => pattern.test(message))) return;
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  process.stderr.write(`${JSON.stringify({ time, level, message, ...plain(meta) })}\n`);
}

/** An error in the metadata has no own enumerable fields: its text is what helps. */
const plain = (meta: LogEntry['meta']): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(meta ?? {}).map(([key, value]) => [
      key,
      value instanceof Error
        ? (value.stack ?? value.message)
        : typeof value === 'bigint'
          ? String(value)
          : value,
    ]),
  );
