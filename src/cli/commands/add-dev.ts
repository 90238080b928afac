import { InvalidArgumentError, type Command } from 'commander';
import type * as RunDev from '../actions/run-dev';
import { addFormatOptions } from '../common-options';
import { examples } from '../examples';
import type { Finish } from '../finish-command';

/** Adds `snapflow dev`. */
export const addDev = (program: Command, finish: Finish): void => {
  addFormatOptions(
    program
      .command('dev')
      .description('run a Temporal dev server with its UI, the simulator and a worker until Ctrl-C')
      .option('--port <port>', 'port of the Temporal server, 0 takes a free one', portOption, 7233)
      .option('--ui-port <port>', 'port of the Temporal UI, 0 takes a free one', portOption, 8233)
      .option('--db-file <file>', 'keep what ran across restarts (default: forgotten at the end)')
      .option(
        '--task-queue <name>',
        'task queue of the worker (default: SNAPFLOW_TASK_QUEUE, else snapflow)',
      ),
  )
    .addHelpText('after', examples(['snapflow dev', 'snapflow dev --port 7243 --ui-port 8243']))
    .action(async (options: RunDev.DevOptions) => {
      const { runDev } = require('../actions/run-dev') as typeof RunDev;
      finish(await runDev(options));
    });
};

const portOption = (text: string): number => {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Give a port from 0 to 65535.');
};
