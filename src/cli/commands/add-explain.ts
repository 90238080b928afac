import { Argument, type Command } from 'commander';
import { FAILURES, type FailureType } from '../../contract/failures';
import type * as RunExplain from '../actions/run-explain';
import { addFormatOptions, type FormatOptions } from '../common-options';
import { examples } from '../examples';
import type { Finish } from '../finish-command';

/** Adds `snapflow explain`. */
export const addExplain = (program: Command, finish: Finish): void => {
  addFormatOptions(
    program
      .command('explain')
      .addArgument(
        new Argument(
          '[type]',
          'type of a failure, as its message begins with (default: all of them)',
        ).choices(Object.keys(FAILURES)),
      )
      .description('say what a type of failure means, what is on vSphere then, and what to do'),
  )
    .addHelpText('after', examples(['snapflow explain NameTaken', 'snapflow explain --json']))
    .action((type: FailureType | undefined, options: FormatOptions) => {
      const { runExplain } = require('../actions/run-explain') as typeof RunExplain;
      finish(runExplain(type, options));
    });
};
