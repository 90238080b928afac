import type { RevertPlanResult, RevertRequest } from '../../client';
import { parseRevertRequest } from '../../request/schemas';
import { askOrNeedYes, type ConfirmOptions } from '../confirm';
import { EXIT } from '../exit-code';
import { givenFields } from '../given-fields';
import { lossOfRevert } from '../render/loss-of-revert';
import { renderPlan } from '../render/render-plan';
import type { ActionContext } from '../run-action';
import { dataText } from '../write-data';
import { runStart, type StartCommandOptions } from './run-start';

/** Options of `snapflow revert`, as commander gives them. */
export interface RevertOptions extends StartCommandOptions, ConfirmOptions {
  readonly restorePower?: boolean;
}

export const runRevert = (options: RevertOptions): Promise<number> => {
  const request = requestOf(options);
  const planned = ({ snapflow, signal }: ActionContext): Promise<RevertPlanResult> =>
    snapflow.planRevert(request, { signal });
  const { check, confirm } = askOrNeedYes(options, 'A revert loses what was written since the snapshot');
  return runStart(
    {
      operation: 'revert',
      request,
      parse: parseRevertRequest,
      plan: async (context) => plan(context, await planned(context)),
      check,
      confirm: (context) =>
        confirm(context, async () => lossOfRevert(await planned(context), request, new Date())),
      start: ({ snapflow }, startOptions) => snapflow.revert(request, startOptions),
    },
    options,
  );
};

const requestOf = (options: RevertOptions): RevertRequest => {
  const { vm, snapshot, connection, cluster, restorePower, onCancel, whenBusy, deadline } = options;
  const fields = { vm, snapshot, connection, cluster, restorePower };
  return givenFields({
    ...fields,
    onCancel,
    whenBusy,
    deadlineMs: deadline,
  }) as unknown as RevertRequest;
};

const plan = async ({ terminal, format }: ActionContext, planned: RevertPlanResult): Promise<number> => {
  const { kind: _, ...data } = planned;
  terminal.out(dataText(format, 'plan', data, () => renderPlan(planned)));
  return EXIT.ok;
};
