import { each, together, type Check } from '../check';
import { describeEffect } from '../view/describe-effect';
import type { RequestView } from '../view/request-view';
import type { RoundView } from '../view/round-view';

/** Nothing is undone, and no run ends, while its task may still run. Abandoned and terminated runs promise nothing. */
export const noEarlyUndo: Check = {
  id: 'J6',
  demands: 'no undo and no end of a run before its task has ended',
  judge: (round) =>
    together(
      'undos and ended runs',
      each('undos', round.requests.flatMap(undosOf), ({ view, undo }) => undoneEarly(view, undo)),
      each('ended runs', round.accepted, endedEarly),
    ),
};

const undosOf = (view: RequestView) => view.undos.map((undo) => ({ view, undo }));

/** An undo revert begins with the snapshot that its task takes; a delete is its own beginning. */
function undoneEarly(
  { all, effects, request, acceptances }: RequestView,
  undo: RequestView['undos'][number],
) {
  const begins =
    all.find(({ kind, task }) => kind === 'snapshot' && task === undo.task && task !== undefined) ?? undo;
  const later = effects.filter(({ seq }) => seq > begins.seq);
  return acceptances > 1
    ? []
    : later.map(
        (effect) =>
          `request ${request.requestId} began to undo with ${describeEffect(begins)} before its ${describeEffect(effect)}`,
      );
}

const PROMISING_NOTHING = ['TERMINATED', 'RUNNING', 'PAUSED', 'CONTINUED_AS_NEW'];

function endedEarly({ runs, last, effects, request }: RoundView['accepted'][number]): readonly string[] {
  if (last === undefined || PROMISING_NOTHING.includes(last.status)) return [];
  if (last.failure?.type === 'OutcomeUnknown' || last.closedAt === null || last.closedAt === undefined)
    return [];
  const closedAt = Date.parse(last.closedAt);
  return effects
    .filter(({ at }) => Date.parse(at) > closedAt)
    .map(
      (effect) =>
        `request ${request.requestId} (${runs.length} runs) ended at ${last.closedAt}, before ${describeEffect(effect)} at ${effect.at}`,
    );
}
