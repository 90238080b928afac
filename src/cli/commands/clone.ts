import { Option } from 'commander';
import type { LinkedCloneRequest } from '../../client';
import { omitUndefined } from '../../contract/omit-undefined';
import { addCommonOptions, examples, type DefineCommand } from '../options';
import { addStartOptions, startOperation, type StartCommandOptions } from './start-operation';

interface CloneOptions extends StartCommandOptions {
  /** Required. */
  readonly name?: string;
  readonly nameSuffix?: boolean;
  readonly folder?: string;
  readonly resourcePool?: string;
  readonly host?: string;
  readonly powerOn?: boolean;
  readonly onFailure?: 'delete' | 'keep';
}

export const define: DefineCommand = (command, setExitCode) => {
  command
    .option('--vm <vm>', 'source virtual machine, name or id (required)')
    .option(
      '--snapshot <snapshot>',
      'snapshot name or id, or latest: the newest scheduled or manual one (required)',
    )
    .option('--name <name>', 'name of the new virtual machine (required)')
    .option(
      '--name-suffix',
      'append - and eight random characters to the name, so that no other request has it',
    )
    .option('--folder <folder>', "folder of the new machine, name or id (default: the datacenter's)")
    .option('--resource-pool <pool>', 'resource pool, name or id (default: the service chooses)')
    .option('--host <host>', 'host of the cluster, name or id (default: the service chooses)')
    .option('--power-on', 'power the clone on at the end')
    .addOption(
      new Option('--on-failure <what>', 'if the clone cannot be powered on: delete it or keep it').choices([
        'delete',
        'keep',
      ]),
    )
    .option('--connection <name>', "connection of the worker's configuration (default: default)")
    .option('--cluster <cluster>', 'cluster of the source, name or id (default: found)');
  addCommonOptions(addStartOptions(command, 'name'))
    .addHelpText(
      'after',
      examples([
        'snapflow clone --vm web-01 --snapshot latest --name ci-42 --name-suffix',
        'snapflow clone --vm web-01 --snapshot nightly-0412 --name ci-42 --request-id build-42 --json',
        'snapflow clone --vm web-01 --snapshot latest --name ci-42 --plan',
      ]),
    )
    .action(async (options: CloneOptions) => setExitCode(await clone(options)));
};

async function clone(options: CloneOptions): Promise<number> {
  const { parseLinkedCloneRequest } = await import('../../request/schemas.js');
  const request = requestOf(options);
  return startOperation(
    {
      operation: 'clone',
      request,
      parse: parseLinkedCloneRequest,
      plan: ({ snapflow, signal }) => snapflow.plan(request, { signal }),
      start: ({ snapflow }, startOptions) => snapflow.clone(request, startOptions),
    },
    options,
  );
}

function requestOf(options: CloneOptions): LinkedCloneRequest {
  const { vm, snapshot, name, connection, cluster, folder, resourcePool, host } = options;
  const uniqueName = options.nameSuffix === true ? true : undefined;
  const { powerOn, onFailure, onCancel, whenBusy, deadline: deadlineMs } = options;
  const fields = { vm, snapshot, name, uniqueName, connection, cluster, folder, resourcePool, host };
  const settings = { powerOn, onFailure, onCancel, whenBusy, deadlineMs };
  return omitUndefined({ ...fields, ...settings }) as LinkedCloneRequest;
}
