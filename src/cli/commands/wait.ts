import { followWithin, resumeHint } from '../follow';
import {
  addCommonOptions,
  addOperation,
  durationOption,
  examples,
  type DefineCommand,
  type OperationOptions,
} from '../options';
import { operationOf, runAction, type ActionContext } from '../run-action';

interface WaitOptions extends OperationOptions {
  /** Milliseconds. */
  readonly timeout?: number;
}

export const define: DefineCommand = (command, setExitCode) => {
  addOperation(command).option(
    '--timeout <duration>',
    'exit with code 7 after this time, for example 15m',
    durationOption,
  );
  addCommonOptions(command)
    .addHelpText('after', examples(['snapflow wait build-42', 'snapflow wait build-42 --timeout 15m --json']))
    .action(async (id: string, options: WaitOptions) => setExitCode(await waitForEnd(id, options)));
};

function waitForEnd(id: string, options: WaitOptions): Promise<number> {
  const hint = resumeHint(id, options.connection);
  const follow = async (context: ActionContext): Promise<number> =>
    followWithin(context, await operationOf(context, id, options), options);
  return runAction(options, follow, { whenInterrupted: () => hint });
}
