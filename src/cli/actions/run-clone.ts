import type { LinkedCloneRequest } from '../../client';
import { parseLinkedCloneRequest } from '../../request/schemas';
import { EXIT } from '../exit-code';
import { givenFields } from '../given-fields';
import { renderPlan } from '../render/render-plan';
import type { ActionContext } from '../run-action';
import { dataText } from '../write-data';
import { runStart, type StartCommandOptions } from './run-start';

/** Options of `snapflow clone`, as commander gives them. */
export interface CloneOptions extends StartCommandOptions {
  /** Required. */
  readonly name?: string;
  readonly folder?: string;
  readonly resourcePool?: string;
  readonly host?: string;
  readonly powerOn?: boolean;
  readonly onFailure?: 'delete' | 'keep';
}

export const runClone = (options: CloneOptions): Promise<number> => {
  const request = requestOf(options);
  return runStart(
    {
      operation: 'clone',
      request,
      parse: parseLinkedCloneRequest,
      plan: (context) => plan(context, request),
      start: ({ snapflow }, startOptions) => snapflow.clone(request, startOptions),
    },
    options,
  );
};

const requestOf = (options: CloneOptions): LinkedCloneRequest => {
  const { vm, snapshot, name, connection, cluster, folder, resourcePool, host } = options;
  const { powerOn, onFailure, onCancel, whenBusy, deadline: deadlineMs } = options;
  const fields = { vm, snapshot, name, connection, cluster, folder, resourcePool, host };
  const settings = { powerOn, onFailure, onCancel, whenBusy, deadlineMs };
  return givenFields({ ...fields, ...settings }) as unknown as LinkedCloneRequest;
};

const plan = async (
  { snapflow, terminal, format, signal }: ActionContext,
  request: LinkedCloneRequest,
): Promise<number> => {
  const { kind: _, ...planned } = await snapflow.plan(request, { signal });
  terminal.out(dataText(format, 'plan', planned, () => renderPlan({ kind: 'plan', ...planned })));
  return EXIT.ok;
};
