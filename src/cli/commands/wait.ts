import { WaitTimedOut } from '../errors';
import { followOperation, resumeHint } from '../follow';
import {
  addCommonOptions,
  addOperation,
  durationOption,
  examples,
  type DefineCommand,
  type OperationOptions,
} from '../options';
import { writeOverview } from '../overview';
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
  const waitLimited = async (context: ActionContext): Promise<number> => {
    const handle = await operationOf(context, id, options);
    const limit = new AbortController();
    const end = (): void => limit.abort(new WaitTimedOut(hint));
    const timer = options.timeout === undefined ? undefined : setTimeout(end, options.timeout);
    try {
      return await followOperation(context, handle, AbortSignal.any([context.signal, limit.signal]));
    } catch (error) {
      // A program reads the state; a person reads the hint in the error.
      if (error instanceof WaitTimedOut && context.format !== 'table')
        writeOverview(context, await handle.overview({ signal: context.signal }), false);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  return runAction(options, waitLimited, { whenInterrupted: () => hint });
}
