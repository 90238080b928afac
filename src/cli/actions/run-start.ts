import {
  RequestInvalid,
  type LinkedCloneRequest,
  type OperationHandle,
  type Problem,
  type RevertRequest,
  type StartOptions,
} from '../../client';
import { derivedRequestId } from '../../request/identity';
import { parseRequestId } from '../../request/schemas';
import { comeBack } from '../come-back';
import type { CommonOptions } from '../common-options';
import { EXIT } from '../exit-code';
import { finish } from '../finish';
import { follow } from '../follow';
import { bareIds } from '../render/bare-ids';
import { runAction, type ActionContext } from '../run-action';

/** Options of every command that starts an operation, as commander gives them. */
export interface StartCommandOptions extends CommonOptions {
  /** Required, as is the snapshot: the parser of the request says so, for all fields at once. */
  readonly vm?: string;
  readonly snapshot?: string;
  readonly cluster?: string;
  readonly connection?: string;
  readonly onCancel?: 'undo' | 'keep';
  readonly whenBusy?: 'wait' | 'fail';
  /** Milliseconds. */
  readonly deadline?: number;
  readonly requestId?: string;
  readonly again?: boolean;
  readonly plan?: boolean;
  /** False with `--no-wait`. */
  readonly wait: boolean;
}

/** What `clone` and `revert` have of their own. */
export interface StartCommand<Request extends LinkedCloneRequest | RevertRequest> {
  readonly operation: 'clone' | 'revert';
  /** What was asked, as it was asked: `parse` refuses it before anything uses it. */
  readonly request: Request;
  readonly parse: (request: Request) => unknown;
  readonly plan: (context: ActionContext) => Promise<number>;
  /** Refuses options that do not fit together, by throwing. */
  readonly check?: () => void;
  /** Asks before it starts; false starts nothing. */
  readonly confirm?: (context: ActionContext) => Promise<boolean>;
  readonly start: (context: ActionContext, options: StartOptions) => Promise<OperationHandle>;
}

export const runStart = <Request extends LinkedCloneRequest | RevertRequest>(
  command: StartCommand<Request>,
  options: StartCommandOptions,
): Promise<number> => {
  const { operation, request, parse, plan } = command;
  const check = (): void => {
    checkInput([() => parse(request), () => parseIfGiven(options.requestId)]);
    if (options.plan !== true) command.check?.();
  };
  if (options.plan === true) return runAction(options, plan, { check });
  let confirmed = command.confirm === undefined;
  const back = (): string =>
    confirmed
      ? comeBack(options.requestId ?? derivedRequestId(operation, request), options.connection)
      : NOTHING_STARTED;
  const act = async (context: ActionContext): Promise<number> => {
    confirmed = (await command.confirm?.(context)) ?? true;
    if (confirmed) return startAndFollow(command, context, options);
    context.hint(NOTHING_STARTED);
    return EXIT.failed;
  };
  return runAction(options, act, { check, comeBack: back });
};

const NOTHING_STARTED = 'Nothing was started.';

const startAndFollow = async <Request extends LinkedCloneRequest | RevertRequest>(
  { operation, request, start }: StartCommand<Request>,
  context: ActionContext,
  { requestId, again, wait, connection }: StartCommandOptions,
): Promise<number> => {
  const { signal } = context;
  const handle = await start(context, {
    ...(requestId === undefined ? {} : { requestId }),
    ...(again === undefined ? {} : { again }),
    signal,
  });
  if (wait) {
    context.hint(
      `The ${operation} ${'name' in request ? request.name : `of ${request.vm}`} has the id ${handle.id}.`,
    );
    return follow(context, handle);
  }
  context.hint(comeBack(handle.id, connection));
  if (context.format === 'table') {
    context.terminal.out(bareIds([handle.id]));
    return EXIT.ok;
  }
  return finish(context, await handle.overview({ signal }), true);
};

/** Every wrong field at once, the request id among them. */
const checkInput = (checks: readonly (() => unknown)[]): void => {
  const problems = checks.flatMap(problemsOf);
  if (problems.length > 0) throw new RequestInvalid(problems);
};

const parseIfGiven = (requestId: string | undefined): unknown =>
  requestId === undefined ? undefined : parseRequestId(requestId);

const problemsOf = (parse: () => unknown): readonly Problem[] => {
  try {
    parse();
    return [];
  } catch (error) {
    if (error instanceof RequestInvalid) return error.problems;
    throw error;
  }
};
