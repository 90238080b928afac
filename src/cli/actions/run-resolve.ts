import type { Resolution } from '../../client';
import { comeBack } from '../come-back';
import { EXIT } from '../exit-code';
import { finish } from '../finish';
import { operationOf } from '../operation-of';
import { questionTexts } from '../render/question-texts';
import { resolutionOf, type ResolutionOptions } from '../resolution-of';
import { runAction } from '../run-action';
import type { OperationOptions } from './run-status';

export interface ResolveOptions extends OperationOptions, ResolutionOptions {}

export const runResolve = (id: string, options: ResolveOptions): Promise<number> =>
  runAction(
    options,
    async (context) => {
      const { signal, hint } = context;
      const handle = await operationOf(context, id, options);
      const resolution = resolutionOf(options);
      const { why, candidates } = questionTexts(await handle.resolve(resolution, { signal }));
      hint(`Asked: ${why}; candidates: ${candidates.join(', ') || 'none'}.`);
      hint(`Decided: ${whatFollows(resolution)}.`);
      if (resolution.kind !== 'abandon') hint(comeBack(id, options.connection));
      finish(context, await handle.overview({ signal }), true);
      return EXIT.ok;
    },
    { check: () => void resolutionOf(options) },
  );

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
