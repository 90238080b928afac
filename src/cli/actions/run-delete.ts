import { madeVm } from '../../client/delete';
import { oneLine } from '../../contract/text';
import { askOrNeedYes, type ConfirmOptions } from '../confirm';
import { EXIT } from '../exit-code';
import { operationOf } from '../operation-of';
import { bareIds } from '../render/bare-ids';
import { fields } from '../render/table';
import { runAction, type ActionContext } from '../run-action';
import { dataText } from '../write-data';
import type { OperationOptions } from './run-status';

export interface DeleteOptions extends OperationOptions, ConfirmOptions {}

export const runDelete = (id: string, options: DeleteOptions): Promise<number> => {
  const { check, confirm } = askOrNeedYes(options, 'A deleted machine is gone for good');
  let begun = false;
  const deleteVm = async (context: ActionContext): Promise<number> => {
    const { signal, terminal, format, quiet } = context;
    const handle = await operationOf(context, id, options);
    const { status, request } = await handle.overview({ signal });
    const vmId = madeVm(status);
    const sentence = oneLine(`${String(request['name'])} (${vmId}) is deleted for good. Delete it?`);
    begun = await confirm(context, async () => sentence);
    if (!begun) {
      context.hint(NOTHING_DELETED);
      return EXIT.failed;
    }
    const { name, outcome } = await handle.deleteVm({ signal });
    const data = { id, vmId, name, outcome };
    const asTable = (): string => (quiet ? bareIds([vmId]) : fields(Object.entries(data)));
    terminal.out(dataText(format, 'deletion', data, asTable));
    return EXIT.ok;
  };
  const comeBack = (): string =>
    begun ? 'The deletion may go on: repeat the command to see its end.' : NOTHING_DELETED;
  return runAction(options, deleteVm, { check, comeBack });
};

const NOTHING_DELETED = 'Nothing was deleted.';
