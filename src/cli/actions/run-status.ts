import type { CommonOptions } from '../common-options';
import { finish } from '../finish';
import { operationOf } from '../operation-of';
import { runAction } from '../run-action';

export interface OperationOptions extends CommonOptions {
  readonly connection?: string;
}

export const runStatus = (id: string, options: OperationOptions): Promise<number> =>
  runAction(options, async (context) => {
    const handle = await operationOf(context, id, options);
    return finish(context, await handle.overview({ signal: context.signal }), true);
  });
