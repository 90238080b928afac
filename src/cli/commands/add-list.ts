import { Option, type Command } from 'commander';
import { LISTED_STATES } from '../../contract/progress';
import type * as RunList from '../actions/run-list';
import { addCommonOptions } from '../common-options';
import { examples } from '../examples';
import type { Finish } from '../finish-command';
import { statesOption } from '../states-option';

/** Adds `snapflow list`. */
export const addList = (program: Command, finish: Finish): void => {
  addCommonOptions(
    program
      .command('list')
      .description('list running and recent operations, newest first')
      .addOption(
        new Option('--state <state,...>', 'states and conditions, separated by commas')
          .choices(LISTED_STATES)
          .argParser(statesOption),
      )
      .option('--vm <vm>', 'source or reverted virtual machine, as the request named it'),
  )
    .addHelpText(
      'after',
      `\nWith nothing but needs-decision, overdue and blocked it exits 1 when there are any.\n${examples([
        'snapflow list',
        'snapflow list --state running,failed --vm web-01 --json',
        'snapflow list --state needs-decision,overdue,blocked --quiet || notify-someone',
      ])}`,
    )
    .action(async (options: RunList.ListCommandOptions) => {
      const { runList } = require('../actions/run-list') as typeof RunList;
      finish(await runList(options));
    });
};
