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

function write({ level, message, timestampNanos, meta }: LogEntry): void {
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
