import { comeBack } from '../come-back';
import { finish } from '../finish';
import { follow } from '../follow';
import { operationOf } from '../operation-of';
import { runAction, type ActionContext } from '../run-action';
import { WaitTimedOut } from '../wait-timed-out';
import type { OperationOptions } from './run-status';

export interface WaitCommandOptions extends OperationOptions {
  /** Milliseconds. */
  readonly timeout?: number;
}

export const runWait = (id: string, options: WaitCommandOptions): Promise<number> => {
  const back = comeBack(id, options.connection);
  const waitLimited = async (context: ActionContext): Promise<number> => {
    const handle = await operationOf(context, id, options);
    const limit = new AbortController();
    const end = (): void => limit.abort(new WaitTimedOut(back));
    const timer = options.timeout === undefined ? undefined : setTimeout(end, options.timeout);
    try {
      return await follow(context, handle, AbortSignal.any([context.signal, limit.signal]));
    } catch (error) {
      // A program wants to know how it stands; a person is told how to come back.
      if (error instanceof WaitTimedOut && context.format !== 'table')
        finish(context, await handle.overview({ signal: context.signal }), false);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  return runAction(options, waitLimited, { comeBack: () => back });
};
