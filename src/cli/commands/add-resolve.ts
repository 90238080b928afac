import type { Command } from 'commander';
import type * as RunResolve from '../actions/run-resolve';
import { addCommonOptions } from '../common-options';
import { examples } from '../examples';
import type { Finish } from '../finish-command';

/** Adds `snapflow resolve`. */
export const addResolve = (program: Command, finish: Finish): void => {
  addCommonOptions(
    program
      .command('resolve')
      .argument('<id>', 'request id of an operation that needs a decision')
      .description('decide for an operation whose effect looking cannot tell')
      .option('--task <task>', "this task of the snapshot service is the request's")
      .option('--vm <vm>', "this virtual machine, by id, is the request's clone")
      .option('--done', 'the revert has happened')
      .option('--repeat', 'there was no effect: make it again')
      .option('--abandon', 'give up: it fails with OutcomeUnknown and nothing is deleted')
      .option('--connection <name>', 'connection that the operation was started on (default: default)'),
  )
    .addHelpText(
      'after',
      `\nExactly one decision. snapflow status tells what is asked and the candidates: look at them in vSphere first.\n${examples(
        [
          'snapflow resolve build-42 --vm vm-1042',
          'snapflow resolve build-42 --repeat && snapflow wait build-42',
          'snapflow status build-42',
        ],
      )}`,
    )
    .action(async (id: string, options: RunResolve.ResolveOptions) => {
      const { runResolve } = require('../actions/run-resolve') as typeof RunResolve;
      finish(await runResolve(id, options));
    });
};
