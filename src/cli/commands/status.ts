import {
  addCommonOptions,
  addOperation,
  examples,
  type DefineCommand,
  type OperationOptions,
} from '../options';
import { writeOverview } from '../overview';
import { operationOf, runAction } from '../run-action';

export const define: DefineCommand = (command, setExitCode) => {
  addCommonOptions(addOperation(command))
    .addHelpText('after', examples(['snapflow status build-42', 'snapflow status build-42 --json']))
    .action(async (id: string, options: OperationOptions) => setExitCode(await showStatus(id, options)));
};

const showStatus = (id: string, options: OperationOptions): Promise<number> =>
  runAction(options, async (context) => {
    const handle = await operationOf(context, id, options);
    return writeOverview(context, await handle.overview({ signal: context.signal }), true);
  });
