import type { RevertPlanResult, RevertRequest } from '../../client';
import { singleLine } from '../../contract/text';
import { omitUndefined } from '../../contract/omit-undefined';
import {
  addCommonOptions,
  addYesOption,
  askOrNeedYes,
  examples,
  type ConfirmOptions,
  type DefineCommand,
} from '../options';
import { formatSpan } from '../output';
import type { ActionContext } from '../run-action';
import { addStartOptions, startOperation, type StartCommandOptions } from './start-operation';

interface RevertOptions extends StartCommandOptions, ConfirmOptions {
  readonly restorePower?: boolean;
}

export const define: DefineCommand = (command, setExitCode) => {
  command
    .option('--vm <vm>', 'virtual machine, name or id (required)')
    .option(
      '--snapshot <snapshot>',
      'snapshot name or id, or latest: the newest scheduled or manual one (required)',
    )
    .option('--restore-power', 'restore the power state (default: the machine stays off after a revert)');
  addYesOption(command)
    .option('--connection <name>', "connection of the worker's configuration (default: default)")
    .option('--cluster <cluster>', 'cluster of the machine, name or id (default: found)');
  addCommonOptions(addStartOptions(command, 'machine'))
    .addHelpText(
      'after',
      `\nEverything written to the machine since the snapshot is lost. The service takes a snapshot just before the revert,\nwhich is printed as the undo snapshot.\n${examples(
        [
          'snapflow revert --vm web-01 --snapshot nightly-0412',
          'snapflow revert --vm web-01 --snapshot latest --restore-power --yes --json',
          'snapflow snapshots --vm web-01',
        ],
      )}`,
    )
    .action(async (options: RevertOptions) => setExitCode(await revert(options)));
};

async function revert(options: RevertOptions): Promise<number> {
  const { parseRevertRequest } = await import('../../request/schemas.js');
  const request = requestOf(options);
  const plan = ({ snapflow, signal }: ActionContext): Promise<RevertPlanResult> =>
    snapflow.planRevert(request, { signal });
  const { check, confirm } = askOrNeedYes(options, 'A revert loses everything written since the snapshot');
  return startOperation(
    {
      operation: 'revert',
      request,
      parse: parseRevertRequest,
      plan,
      check,
      confirm: (context) =>
        confirm(context, async () => lossOfRevert(await plan(context), request, new Date())),
      start: ({ snapflow }, startOptions) => snapflow.revert(request, startOptions),
    },
    options,
  );
}

function requestOf(options: RevertOptions): RevertRequest {
  const { vm, snapshot, connection, cluster, restorePower } = options;
  const { onCancel, whenBusy, deadline: deadlineMs } = options;
  const fields = { vm, snapshot, connection, cluster, restorePower };
  return omitUndefined({ ...fields, onCancel, whenBusy, deadlineMs }) as RevertRequest;
}

/** What a revert loses, for the person who has to confirm it. */
export function lossOfRevert(
  { vmName, vmId, snapshotName, snapshotId, snapshotCreatedAt }: RevertPlanResult,
  { restorePower }: Pick<RevertRequest, 'restorePower'>,
  now: Date,
): string {
  const age = formatSpan(now.getTime() - Date.parse(snapshotCreatedAt));
  const power = restorePower === true ? 'gets its power state back' : 'is powered off afterwards';
  return singleLine(
    `${vmName} (${vmId}) goes back to ${snapshotName} (${snapshotId}) of ${snapshotCreatedAt}, ${age} ago. Everything written since then is lost, and the machine ${power}. Revert it?`,
  );
}
