import type { Resolution } from '../../client';
import { EXIT, UsageError } from '../errors';
import { waitHint } from '../follow';
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
    .option('--task <task>', 'this task of the snapshot service belongs to the request')
    .option('--vm <vm>', 'this virtual machine, by id, is the clone of the request')
    .option('--done', 'the revert has happened')
    .option('--repeat', 'nothing happened: try again')
    .option('--abandon', 'give up: the operation fails with OutcomeUnknown and deletes nothing')
    .option('--connection <name>', 'connection that the operation was started on (default: default)');
  addCommonOptions(command)
    .addHelpText(
      'after',
      `\nGive exactly one decision. snapflow status shows the question and the candidates: check them in vSphere first.\n${examples(
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
      print(`Question: ${why}. Candidates: ${candidates.join(', ') || 'none'}.`);
      print(`Decision: ${whatFollows(resolution)}.`);
      if (resolution.kind !== 'abandon') print(waitHint(id, options.connection));
      writeOverview(context, await handle.overview({ signal }), true);
      return EXIT.ok;
    },
    { check: () => void resolutionOf(options) },
  );

/** @throws UsageError unless exactly one decision was given */
function resolutionOf({ task, vm, done, repeat, abandon }: ResolveOptions): Resolution {
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
}

function whatFollows(resolution: Resolution): string {
  switch (resolution.kind) {
    case 'task':
      return `task ${resolution.taskId} belongs to the request, so its end counts`;
    case 'vm':
      return `${resolution.vmId} is the clone, which is verified next`;
    case 'done':
      return 'the revert has happened, which is verified next';
    case 'repeat':
      return 'nothing happened, so it is tried again';
    case 'abandon':
      return 'give up, so it fails with OutcomeUnknown and deletes nothing';
  }
}
