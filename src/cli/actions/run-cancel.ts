import { comeBack } from '../come-back';
import { EXIT } from '../exit-code';
import { finish } from '../finish';
import { operationOf } from '../operation-of';
import { runAction } from '../run-action';
import type { OperationOptions } from './run-status';

export const runCancel = (id: string, options: OperationOptions): Promise<number> =>
  runAction(options, async (context) => {
    const { signal } = context;
    const handle = await operationOf(context, id, options);
    const before = await handle.cancel({ signal });
    if (before.state !== 'running' && before.state !== 'needs-decision') {
      context.hint(`The operation ${id} had ended before: ${before.state}.`);
      finish(context, await handle.overview({ signal }), true);
      return before.state === 'cancelled' ? EXIT.ok : EXIT.failed;
    }
    context.hint(`The operation ${id} is asked to end. ${comeBack(id, options.connection)}`);
    finish(context, await handle.overview({ signal }), true);
    return EXIT.ok;
  });
