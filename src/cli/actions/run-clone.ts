import { RequestInvalid, type LinkedCloneRequest, type Problem } from '../../client';
import { derivedRequestId } from '../../request/derived-request-id';
import { parseLinkedCloneRequest } from '../../request/linked-clone-request';
import { parseRequestId } from '../../request/request-id';
import type { CommonOptions } from '../common-options';
import { EXIT } from '../exit-code';
import { finish } from '../finish';
import { follow } from '../follow';
import { renderPlan } from '../render/render-plan';
import { runAction, type ActionContext } from '../run-action';
import { comeBack } from '../come-back';
import { dataText } from '../write-data';

/** Options of `snapflow clone`, as commander gives them. */
export interface CloneOptions extends CommonOptions {
  /** Required, as are snapshot and name: the parser of the request says so, for all of them at once. */
  readonly vm?: string;
  readonly snapshot?: string;
  readonly name?: string;
  readonly folder?: string;
  readonly resourcePool?: string;
  readonly host?: string;
  readonly cluster?: string;
  readonly connection?: string;
  readonly powerOn?: boolean;
  readonly onFailure?: 'delete' | 'keep';
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

export const runClone = async (options: CloneOptions): Promise<number> => {
  const request = requestOf(options);
  const check = (): void => checkInput(request, options.requestId);
  if (options.plan === true) return runAction(options, (context) => plan(context, request), { check });
  return runAction(options, (context) => clone(context, request, options), {
    check,
    comeBack: () => comeBack(options.requestId ?? derivedRequestId('clone', request), options.connection),
  });
};

/** Every wrong field at once, the request id among them. */
const checkInput = (request: LinkedCloneRequest, requestId: string | undefined): void => {
  const checks = [
    () => parseLinkedCloneRequest(request),
    () => (requestId === undefined ? undefined : parseRequestId(requestId)),
  ];
  const problems = checks.flatMap(problemsOf);
  if (problems.length > 0) throw new RequestInvalid(problems);
};

const problemsOf = (parse: () => unknown): readonly Problem[] => {
  try {
    parse();
    return [];
  } catch (error) {
    if (error instanceof RequestInvalid) return error.problems;
    throw error;
  }
};

/** What was asked, as it was asked: `check` refuses it before anything uses it. */
const requestOf = (options: CloneOptions): LinkedCloneRequest => {
  const { vm, snapshot, name, connection, cluster, folder, resourcePool, host } = options;
  const { powerOn, onFailure, onCancel, whenBusy, deadline: deadlineMs } = options;
  const fields = { vm, snapshot, name, connection, cluster, folder, resourcePool, host };
  const settings = { powerOn, onFailure, onCancel, whenBusy, deadlineMs };
  const given = Object.entries({ ...fields, ...settings }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as LinkedCloneRequest;
};

const plan = async (context: ActionContext, request: LinkedCloneRequest): Promise<number> => {
  const { kind: _, ...planned } = await context.snapflow.plan(request, { signal: context.signal });
  context.terminal.out(
    dataText(context.format, 'plan', planned, () => renderPlan({ kind: 'plan', ...planned })),
  );
  return EXIT.ok;
};

const clone = async (
  context: ActionContext,
  request: LinkedCloneRequest,
  { requestId, again, wait, connection }: CloneOptions,
): Promise<number> => {
  const { snapflow, signal } = context;
  const handle = await snapflow.clone(request, {
    ...(requestId === undefined ? {} : { requestId }),
    ...(again === undefined ? {} : { again }),
    signal,
  });
  if (wait) {
    context.hint(`The clone ${request.name} has the id ${handle.id}.`);
    return follow(context, handle);
  }
  context.hint(comeBack(handle.id, connection));
  if (context.format === 'table') {
    context.terminal.out(`${handle.id}\n`);
    return EXIT.ok;
  }
  return finish(context, await handle.overview({ signal }), true);
};
