import { EXIT } from '../errors';
import { waitHint } from '../follow';
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
    .addHelpText(
      'after',
      examples(['snapflow cancel build-42', 'snapflow cancel build-42 && snapflow wait build-42']),
    )
    .action(async (id: string, options: OperationOptions) => setExitCode(await cancel(id, options)));
};

const cancel = (id: string, options: OperationOptions): Promise<number> =>
  runAction(options, async (context) => {
    const { signal, print } = context;
    const handle = await operationOf(context, id, options);
    const before = await handle.cancel({ signal });
    const isOpen = before.state === 'running' || before.state === 'needs-decision';
    print(
      isOpen
        ? `Cancel requested. ${waitHint(id, options.connection)}`
        : `The operation ${id} has already ended: ${before.state}.`,
    );
    writeOverview(context, await handle.overview({ signal }), true);
    return isOpen || before.state === 'cancelled' ? EXIT.ok : EXIT.failed;
  });
