import type { Resolution } from '../../client';
import { EXIT, UsageError } from '../errors';
import { resumeHint } from '../follow';
import { addCommonOptions, examples, type DefineCommand, type OperationOptions } from '../options';
import { writeOverview } from '../overview';
import { operationOf, runAction } from '../run-action';

/** An operator's decision as commander gives it. */
interface ResolveOptions extends OperationOptions {
  readonly task?: string;
  readonly vm?: string;
  readonly done?: boolean;
  readonly repeat?: boolean;
  readonly abandon?: boolean;
}

export const define: DefineCommand = (command, setExitCode) => {
  command
    .argument('<id>', 'request id of an operation that needs a decision')
    .option('--task <task>', "this task of the snapshot service is the request's")
    .option('--vm <vm>', "this virtual machine, by id, is the request's clone")
    .option('--done', 'the revert has happened')
    .option('--repeat', 'there was no effect: make it again')
    .option('--abandon', 'give up: it fails with OutcomeUnknown and nothing is deleted')
    .option('--connection <name>', 'connection that the operation was started on (default: default)');
  addCommonOptions(command)
    .addHelpText(
      'after',
      `\nExactly one decision. snapflow status tells what is asked and the candidates: look at them in vSphere first.\n${examples(
        [
          'snapflow resolve build-42 --vm vm-1042',
          'snapflow resolve build-42 --repeat && snapflow wait build-42',
          'snapflow status build-42',
        ],
      )}`,
    )
    .action(async (id: string, options: ResolveOptions) => setExitCode(await resolve(id, options)));
};

const resolve = (id: string, options: ResolveOptions): Promise<number> =>
  runAction(
    options,
    async (context) => {
      const { signal, print } = context;
      const handle = await operationOf(context, id, options);
      const resolution = resolutionOf(options);
      const { why, candidates } = await handle.resolve(resolution, { signal });
      print(`Asked: ${why}; candidates: ${candidates.join(', ') || 'none'}.`);
      print(`Decided: ${whatFollows(resolution)}.`);
      if (resolution.kind !== 'abandon') print(resumeHint(id, options.connection));
      writeOverview(context, await handle.overview({ signal }), true);
      return EXIT.ok;
    },
    { check: () => void resolutionOf(options) },
  );

/** @throws UsageError unless exactly one decision was given */
const resolutionOf = ({ task, vm, done, repeat, abandon }: ResolveOptions): Resolution => {
  const given: Resolution[] = [
    ...(task === undefined ? [] : [{ kind: 'task', taskId: task } as const]),
    ...(vm === undefined ? [] : [{ kind: 'vm', vmId: vm } as const]),
    ...(done === true ? [{ kind: 'done' } as const] : []),
    ...(repeat === true ? [{ kind: 'repeat' } as const] : []),
    ...(abandon === true ? [{ kind: 'abandon' } as const] : []),
  ];
  const [only, ...more] = given;
  if (only !== undefined && more.length === 0) return only;
  throw new UsageError('Give exactly one of --task, --vm, --done, --repeat and --abandon.');
};

const whatFollows = (resolution: Resolution): string => {
  switch (resolution.kind) {
    case 'task':
      return `task ${resolution.taskId} is its own, so its end decides`;
    case 'vm':
      return `${resolution.vmId} is its clone, so it is verified and the result`;
    case 'done':
      return 'the revert has happened, so it is verified';
    case 'repeat':
      return 'there was no effect, so it is made again';
    case 'abandon':
      return 'it ends as OutcomeUnknown, and nothing was deleted';
  }
};
