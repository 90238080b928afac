import { each, type Check } from '../check';
import type { RoundView } from '../view/round-view';

/** Every run has its history, and each replays with a workflow cache and without one. */
export const replays: Check = {
  id: 'J10',
  demands: 'every history replays, cached and uncached',
  judge: ({ evidence: { runs, histories, replay } }: RoundView) =>
    each('runs', runs, ({ workflowId, runId }) => {
      const about = `run ${runId} of ${workflowId}`;
      if (!histories.has(runId)) return [`${about} has no history in the evidence`];
      const replayed = replay.get(runId);
      if (replayed === undefined) return [`the history of ${about} was not replayed`];
      return (['cached', 'uncached'] as const).map(
        (how) => replayed[how] !== 'ok' && `${about} does not replay ${how}: ${replayed[how]}`,
      );
    }),
};
