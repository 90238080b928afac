import type { Command } from 'commander';
import type * as RunCancel from '../actions/run-cancel';
import type * as RunStatus from '../actions/run-status';
import type * as RunWait from '../actions/run-wait';
import { addCommonOptions } from '../common-options';
import { durationOption } from '../duration-option';
import { examples } from '../examples';
import type { Finish } from '../finish-command';

/** Adds `status`, `wait` and `cancel`: what is done with the id of an operation, from any machine. */
export const addOperationCommands = (program: Command, finish: Finish): void => {
  const withId = (name: string, description: string): Command =>
    program
      .command(name)
      .argument('<id>', 'request id, as clone or revert printed it')
      .description(description)
      .option('--connection <name>', 'connection that the operation was started on (default: default)');

  addCommonOptions(withId('status', 'show how an operation stands'))
    .addHelpText('after', examples(['snapflow status build-42', 'snapflow status build-42 --json']))
    .action(async (id: string, options: RunStatus.OperationOptions) => {
      const { runStatus } = require('../actions/run-status') as typeof RunStatus;
      finish(await runStatus(id, options));
    });

  addCommonOptions(
    withId('wait', 'wait until an operation ends or needs a decision').option(
      '--timeout <duration>',
      'leave after this time with exit code 7, for example 15m',
      durationOption,
    ),
  )
    .addHelpText('after', examples(['snapflow wait build-42', 'snapflow wait build-42 --timeout 15m --json']))
    .action(async (id: string, options: RunWait.WaitCommandOptions) => {
      const { runWait } = require('../actions/run-wait') as typeof RunWait;
      finish(await runWait(id, options));
    });

  addCommonOptions(withId('cancel', 'ask an operation to end and undo what it did'))
    .addHelpText(
      'after',
      examples(['snapflow cancel build-42', 'snapflow cancel build-42 && snapflow wait build-42']),
    )
    .action(async (id: string, options: RunStatus.OperationOptions) => {
      const { runCancel } = require('../actions/run-cancel') as typeof RunCancel;
      finish(await runCancel(id, options));
    });
};
