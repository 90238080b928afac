import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogEntry } from '@temporalio/worker';

let installed = false;

/**
 * Errors only, the SDK's core included: it warns about activities that a test made time out. With `onLog` every level
 * goes there instead. The first call in a process counts.
 */
export function installQuietRuntime(onLog?: (entry: LogEntry) => void): void {
  if (installed) return;
  installed = true;
  const level = onLog === undefined ? 'ERROR' : 'DEBUG';
  const filter = makeTelemetryFilterString({ core: level, other: 'ERROR' });
  Runtime.install({
    logger: onLog === undefined ? new DefaultLogger('ERROR') : new DefaultLogger('TRACE', onLog),
    telemetryOptions: { logging: { filter, forward: {} } },
  });
}
