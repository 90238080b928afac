import { each, type Check } from '../check';
import type { RequestView } from '../view/request-view';
import type { RoundView } from '../view/round-view';

/** Every accepted request was settled within the cell's deadline: it ended, or it showed what it waits for. */
export const inTime: Check = {
  id: 'J12',
  demands: 'every request was settled within the deadline',
  judge: (round) => each('accepted requests', round.accepted, (view) => [late(view, round)]),
};

function late(view: RequestView, { evidence }: RoundView): string | undefined {
  const { request, last } = view;
  const askedAt = evidence.journal.find(
    ({ event, requestId }) => event === 'asked' && requestId === request.requestId,
  )?.at;
  const from = Date.parse(askedAt ?? view.runs[0]?.startedAt ?? '');
  const settledAt = settled(view, evidence);
  const about = `request ${request.requestId} (run ${last?.runId})`;
  if (settledAt === undefined) return `${about} was not seen settled`;
  const tookMs = Date.parse(settledAt) - from;
  return tookMs <= evidence.plan.deadlineMs
    ? undefined
    : `${about} was settled after ${tookMs} ms, at ${settledAt}: the deadline is ${evidence.plan.deadlineMs} ms`;
}

/** A run that is just running has settled nothing. */
function settled({ last, standing }: RequestView, { progress }: RoundView['evidence']): string | undefined {
  if (last?.closedAt) return last.closedAt;
  if (standing === 'running') return undefined;
  return progress.find(
    ({ runId, state, condition }) => runId === last?.runId && (state === standing || condition === standing),
  )?.at;
}
