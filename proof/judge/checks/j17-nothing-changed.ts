import { each, type Check } from '../check';
import { describeEffect } from '../view/describe-effect';
import { EXIT_OF_FAILURE } from '../evidence/exit-of-failure';
import type { RequestView } from '../view/request-view';

/** A run that ended as *nothing was changed* changed nothing: also nothing that was undone since. */
export const nothingChanged: Check = {
  id: 'J17',
  demands: 'a run that ended as "nothing was changed" has nothing in the ledger',
  judge: (round) =>
    each('runs that say so', round.requests.filter(saysNothing), ({ request, last, all }) =>
      all
        .filter(({ at }) => last !== undefined && Date.parse(at) >= Date.parse(last.startedAt))
        .map(
          (effect) =>
            `request ${request.requestId} (run ${last?.runId}) ended as ${last?.failure?.type}, nothing was changed, and ${describeEffect(effect)} is in the ledger`,
        ),
    ),
};

/** Exit codes whose meaning is that nothing was changed. */
const NOTHING = [2, 3, 4, 5];

const saysNothing = ({ last }: RequestView): boolean =>
  last?.status === 'FAILED' && NOTHING.includes(EXIT_OF_FAILURE[last.failure?.type ?? ''] ?? 0);
