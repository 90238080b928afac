import { Option, type Command } from 'commander';
import { durationOption } from '../duration-option';

/** Adds the options of every command that starts an operation. `busy`: what another request may hold. */
export const addStartOptions = (command: Command, busy: string): Command =>
  command
    .option('--request-id <id>', 'identity of the request: the same id and request attach (default: derived)')
    .option(
      '--again',
      'run a failed, cancelled or terminated request once more; asks where an earlier run may have left something',
    )
    .option('--plan', 'check everything and change nothing')
    .option('--no-wait', 'print the id and leave')
    .option('--deadline <duration>', 'act as cancelled after this time, for example 15m', durationOption)
    .addOption(
      new Option('--when-busy <what>', `while another request holds the ${busy} (default: wait)`).choices([
        'wait',
        'fail',
      ]),
    )
    .addOption(
      new Option(
        '--on-cancel <what>',
        'with an effect that a cancel comes too late for (default: undo)',
      ).choices(['undo', 'keep']),
    );
