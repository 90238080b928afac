import { answerProblem } from '../contract/answer-problem';
import type { Operation } from '../contract/names';
import type { Question, Resolution } from '../contract/resolve';
import { isMachine } from '../contract/is-machine';
import { RequestInvalid } from '../request/request-invalid';
import { showValue } from '../contract/show-value';

/**
 * Refuses what cannot be right, before the run is told: a machine would be taken as the result as it is named.
 * @throws RequestInvalid
 */
export const checkResolution = (
  resolution: Resolution,
  operation: Operation,
  { candidates, answers }: Pick<Question, 'candidates' | 'answers'>,
): void => {
  switch (resolution.kind) {
    case 'done':
      return operation === 'revert'
        ? undefined
        : refuse('done', '', 'is for reverts only: use --task or --vm');
    case 'vm':
      return operation === 'clone'
        ? checkMachine(resolution, candidates.filter(isMachine))
        : refuse('vm', '', 'is for clones only: use --task or --done');
    case 'task':
      return checkId(resolution);
    case 'repeat':
      return answers.includes('repeat')
        ? undefined
        : refuse(
            'repeat',
            '',
            `would make it again while ${candidates.join(', ')} may still work: use --task or --abandon`,
          );
    case 'abandon':
  }
};

/** As the run itself checks it, in the same words. */
const checkId = (resolution: Resolution): void => {
  const problem = answerProblem(resolution);
  if (problem !== undefined) throw new RequestInvalid([problem]);
};

const checkMachine = (resolution: Extract<Resolution, { kind: 'vm' }>, machines: readonly string[]): void => {
  checkId(resolution);
  const { vmId } = resolution;
  if (!isMachine(vmId)) refuse('vm', showValue(vmId), 'give the id of a machine, for example vm-1042');
  if (machines.length > 0 && !machines.includes(vmId))
    refuse('vm', showValue(vmId), `is not among the candidates ${machines.join(', ')}`);
};

const refuse = (field: string, value: string, remedy: string): never => {
  throw new RequestInvalid([{ field, value, remedy }]);
};
