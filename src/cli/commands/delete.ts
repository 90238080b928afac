import { singleLine } from '../../contract/text';
import { EXIT } from '../errors';
import {
  addCommonOptions,
  addYesOption,
  askOrNeedYes,
  examples,
  type ConfirmOptions,
  type DefineCommand,
  type OperationOptions,
} from '../options';
import { bareIds, dataText, fields } from '../output';
import { operationOf, runAction, type ActionContext } from '../run-action';

interface DeleteOptions extends OperationOptions, ConfirmOptions {}

export const define: DefineCommand = (command, setExitCode) => {
  addYesOption(command.argument('<id>', 'request id of a clone that succeeded')).option(
    '--connection <name>',
    'connection that the clone was started on (default: default)',
  );
  addCommonOptions(command)
    .addHelpText(
      'after',
      `\nThe machine is deleted by id, and only if it is powered off and still has the name and folder of the clone. Otherwise\nit is kept, and the exit code is 9. A machine that is already gone is no error.\n${examples(
        ['snapflow delete build-42', 'snapflow delete build-42 --yes --json'],
      )}`,
    )
    .action(async (id: string, options: DeleteOptions) => setExitCode(await deleteVm(id, options)));
};

function deleteVm(id: string, options: DeleteOptions): Promise<number> {
  const { check, confirm } = askOrNeedYes(options, 'A deleted machine is gone for good');
  let isConfirmed = false;
  const act = async (context: ActionContext): Promise<number> => {
    const { signal, terminal, format, quiet } = context;
    const { madeVm } = await import('../../client/delete.js');
    const handle = await operationOf(context, id, options);
    const { status, request } = await handle.overview({ signal });
    const vmId = madeVm(status);
    const sentence = singleLine(`${String(request['name'])} (${vmId}) will be deleted for good. Delete it?`);
    isConfirmed = await confirm(context, async () => sentence);
    if (!isConfirmed) {
      context.print(NOTHING_DELETED);
      return EXIT.failed;
    }
    const { name, outcome } = await handle.deleteVm({ signal });
    const data = { id, vmId, name, outcome };
    const asTable = (): string => (quiet ? bareIds([vmId]) : fields(Object.entries(data)));
    terminal.out(dataText(format, 'deletion', data, asTable));
    return EXIT.ok;
  };
  const whenInterrupted = (): string =>
    isConfirmed
      ? 'The deletion may still be running. Repeat the command to see the result.'
      : NOTHING_DELETED;
  return runAction(options, act, { check, whenInterrupted });
}

const NOTHING_DELETED = 'Nothing was deleted.';
