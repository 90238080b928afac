import { once } from 'node:events';
import { join } from 'node:path';
import { startStack, type Stack } from '../commands/dev/stack';
import { formatOf, type FormatOptions } from '../common-options';
import { EXIT } from '../exit-code';
import { explainError } from '../explain-error';
import { fields } from '../render/table';
import { shownLines } from '../shown-lines';
import { dataText } from '../write-data';

export interface DevOptions extends FormatOptions {
  readonly port: number;
  readonly uiPort: number;
  readonly dbFile?: string;
  readonly taskQueue?: string;
}

/** This command line, which the stack starts once more for the simulator and for the worker. */
const PROGRAM = join(__dirname, '..', 'main.js');
/** Where the SDKs and command lines look by default: then no flag is needed. */
const DEFAULT_PORT = 7233;

export const runDev = async (options: DevOptions): Promise<number> => {
  const say = (line: string): void => {
    if (options.quiet !== true) process.stderr.write(`${shownLines(line)}\n`);
  };
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  // On, not once: who stops in order must still be listed while the other hooks on the signal run.
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const { port, uiPort, dbFile, taskQueue } = options;
    const stack = await startStack({
      program: PROGRAM,
      port,
      uiPort,
      say,
      signal: stopped.signal,
      ...(dbFile === undefined ? {} : { dbFile }),
      ...(taskQueue === undefined ? {} : { taskQueue }),
    });
    process.stdout.write(dataText(formatOf(options), 'dev', stack.urls, () => welcome(stack, options)));
    return await untilStopped(stack, stopped.signal, say);
  } catch (error) {
    if (stopped.signal.aborted) return EXIT.ok;
    process.stderr.write(`${explainError(error)}\n`);
    return EXIT.failed;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
};

const untilStopped = async (
  stack: Stack,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<number> => {
  const stopped = signal.aborted ? Promise.resolve() : once(signal, 'abort').then(() => undefined);
  const died = await Promise.race([stack.died, stopped]);
  say(died ?? 'Stopping the worker, the simulator and the Temporal server.');
  await stack.stop();
  return died === undefined ? EXIT.ok : EXIT.failed;
};

const welcome = ({ urls }: Stack, { port, taskQueue }: DevOptions): string => {
  const where = port === DEFAULT_PORT ? '' : ` --address ${urls.address}`;
  const queue = taskQueue === undefined ? '' : ` --task-queue ${taskQueue}`;
  const command = process.env['npm_command'] === 'exec' ? 'npx snapflow' : 'snapflow';
  return `${fields([
    ['Temporal UI', urls.uiUrl],
    ['Temporal', urls.address],
    ['vCenter', urls.vcenterUrl],
    ['Appliance', urls.applianceUrl],
    ['Simulator control', urls.controlUrl],
  ])}
Everything runs. In another terminal:
  ${command} clone --vm web-01 --snapshot latest --name ci-42${where}${queue}
Ctrl-C stops all of it.
`;
};
