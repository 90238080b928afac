import { each, type Check } from '../check';
import type { RequestView } from '../view/request-view';
import type { RoundView } from '../view/round-view';

/** The outcome of every accepted request is one that the model allows in this cell. */
export const asExpected: Check = {
  id: 'J9',
  demands: 'the outcome is one that the plan expects',
  judge: (round) => each('accepted requests', round.accepted, (view) => [unexpected(view, round)]),
};

function unexpected({ request, standing, last }: RequestView, { evidence }: RoundView): string | undefined {
  const { outcomes, failureTypes } = evidence.plan.expect;
  const about = `request ${request.requestId} (run ${last?.runId}) ended`;
  if (!outcomes.some((allowed) => allowed === standing))
    return `${about} ${standing}, expected ${outcomes.join(' or ')}`;
  const type = last?.failure?.type ?? 'without a type';
  if (standing !== 'failed' || failureTypes === undefined || failureTypes.includes(type)) return undefined;
  return `${about} failed ${type}, expected ${failureTypes.join(' or ')}`;
}
