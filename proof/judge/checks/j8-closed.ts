import { each, together, type Check } from '../check';
import type { RequestView } from '../view/request-view';
import type { RoundView } from '../view/round-view';

/**
 * Every request that was asked became a run or was refused, and every run ended, or waits where the cell allows it: for a
 * decision where looking cannot tell, for a world that never heals. A round in which nothing was accepted is an empty
 * success.
 */
export const closed: Check = {
  id: 'J8',
  demands: 'every run is closed, or waits where its cell allows it',
  judge: (round) =>
    together(
      'requests and runs',
      each('rounds', [round], ({ accepted, evidence }) => [
        accepted.length === 0 &&
          !evidence.journal.some(({ event }) => event === 'refused') &&
          `none of the ${evidence.plan.requests.length} requests was accepted, and none was refused`,
      ]),
      each('requests', round.requests, (view) => [lostAcceptance(view, round), stillOpen(view, round)]),
      each('other runs', otherRuns(round), ({ workflowId, runId, type, status }) => [
        (status === 'RUNNING' || status === 'TIMED_OUT') &&
          `run ${runId} of ${workflowId} (${type}) is ${status}`,
      ]),
    ),
};

const ACCEPTED = ['accepted', 'attached'];

function lostAcceptance({ request, runs }: RequestView, { evidence }: RoundView): string | undefined {
  const entry = evidence.journal.find(
    ({ event, requestId }) => requestId === request.requestId && ACCEPTED.includes(event),
  );
  if (entry === undefined || runs.length > 0) return undefined;
  return `request ${request.requestId} was ${entry.event} at ${entry.at}, and the server has no run of it`;
}

function stillOpen({ request, last, standing }: RequestView, { evidence }: RoundView): string | undefined {
  if (last === undefined || standing === undefined) return undefined;
  const { expect, heals } = evidence.plan;
  const about = `run ${last.runId} of ${request.requestId} is ${standing}`;
  switch (standing) {
    case 'succeeded':
    case 'failed':
    case 'cancelled':
    case 'terminated':
      return undefined;
    case 'needs-decision':
      return expect.undecidable ? undefined : `${about}, and its cell is not declared undecidable`;
    case 'blocked':
    case 'overdue':
    case 'queued':
      return heals ? `${about} although the fault has healed` : undefined;
    case 'running':
    case 'compensating':
    case 'timed-out':
    case 'continued':
      return `${about} at the end of the round`;
  }
}

/** Questions and deletions. A lock that is left is J5's question. */
const otherRuns = ({ evidence, requests }: RoundView) =>
  evidence.runs.filter(
    (run) => run.type !== 'holdExclusion' && !requests.some(({ runs }) => runs.includes(run)),
  );
