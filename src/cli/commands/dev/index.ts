import { once } from 'node:events';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { EXIT } from '../../errors';
import { omitUndefined } from '../../../contract/omit-undefined';
import { addFormatOptions, examples, formatOf, type DefineCommand, type FormatOptions } from '../../options';
import { dataText, fields, printableLines } from '../../output';
import { withPackages } from '../../with-packages';
import type { Stack } from './stack';

interface DevOptions extends FormatOptions {
  readonly port: number;
  readonly uiPort: number;
  readonly dbFile?: string;
  readonly taskQueue?: string;
}

/** Where the SDKs and command lines look by default: then no flag is needed. */
const DEFAULT_PORT = 7233;
const DEFAULT_UI_PORT = 8233;

export const define: DefineCommand = (command, setExitCode) => {
  command
    .option('--port <port>', 'port of the Temporal server, 0 takes a free one', portOption, DEFAULT_PORT)
    .option('--ui-port <port>', 'port of the Temporal UI, 0 takes a free one', portOption, DEFAULT_UI_PORT)
    .option('--db-file <file>', 'keep operations across restarts (default: in memory)')
    .option('--task-queue <name>', 'task queue of the worker (default: SNAPFLOW_TASK_QUEUE, else snapflow)');
  addFormatOptions(command)
    .addHelpText('after', examples(['snapflow dev', 'snapflow dev --port 7243 --ui-port 8243']))
    .action(async (options: DevOptions) =>
      setExitCode(
        await withPackages('dev', ['snapflow-dev-server', 'snapflow-simulator'], () => runStack(options)),
      ),
    );
};

function portOption(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Give a port from 0 to 65535.');
}

/** This command line, which the stack starts once more for the simulator and for the worker. */
const PROGRAM = join(__dirname, '..', '..', 'main.js');

async function runStack(options: DevOptions): Promise<number> {
  const print = (line: string): void => {
    if (options.quiet !== true) process.stderr.write(`${printableLines(line)}\n`);
  };
  const stopped = new AbortController();
  const { signal } = stopped;
  const stop = (): void => stopped.abort();
  // On, not once: the listener that stops the stack in order must still be listed while the other hooks on the signal run.
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const { startStack } = await import('./stack.js');
    const { port, uiPort, dbFile, taskQueue } = options;
    const stack = await startStack({
      program: PROGRAM,
      port,
      uiPort,
      print,
      signal,
      ...omitUndefined({ dbFile, taskQueue }),
    });
    process.stdout.write(dataText(formatOf(options), 'dev', stack.urls, () => welcome(stack, options)));
    return await untilStopped(stack, signal, print);
  } catch (error) {
    if (signal.aborted) return EXIT.ok;
    const { explainError } = await import('../../explain-error.js');
    process.stderr.write(`${explainError(error)}\n`);
    return EXIT.failed;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

async function untilStopped(
  stack: Stack,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<number> {
  const stopped = signal.aborted ? Promise.resolve() : once(signal, 'abort').then(() => undefined);
  const died = await Promise.race([stack.died, stopped]);
  print(died ?? 'Stopping the worker, the simulator and the Temporal server.');
  await stack.stop();
  return died === undefined ? EXIT.ok : EXIT.failed;
}

function welcome({ urls }: Stack, { port, taskQueue }: DevOptions): string {
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
Everything is running. In another terminal:
  ${command} clone --vm web-01 --snapshot latest --name ci-42${where}${queue}
Ctrl-C stops everything.
`;
}
