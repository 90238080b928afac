import type { CheckAnswerInput } from '../contract/activities';
import type { Operation } from '../contract/operations';
import { ANSWERS, type NamingAnswer, type Resolution } from '../contract/resolve';
import { unreadEnds, type Evidence } from './decide';
import { afterResolution, suspects } from './evidence';
import type { RunContext } from './run';
import { startShown } from './status-texts';

/** Asks an operator what looking cannot tell, and goes on as the answer says. */
export async function resolved(
  e: Evidence,
  why: string,
  {
    status,
    operator,
    check,
  }: Pick<RunContext, 'status' | 'operator'> & {
    readonly check: (e: Evidence, answer: NamingAnswer) => Promise<void>;
  },
): Promise<Evidence> {
  const asked = {
    why: [why, ...ofOtherRequests(e)].join('; '),
    candidates: suspects(e),
    answers: answersTo(e),
  };
  status.set('start', startShown.question(e.operation, asked, status), 'needs-decision');
  const resolution = await operator.ask(asked, (answer) => check(e, answer));
  // Also where the answer ends the run, which may release its lock first: it asks nothing any more.
  status.set('start', startShown.resolved());
  return afterResolution(e, resolution);
}

/** A memo and a line of text are short. */
const MOST_SHOWN = 5;

/** What would be a candidate, had no other request recorded it. */
function ofOtherRequests({ look, operation, baseline }: Evidence): readonly string[] {
  const { claims = [], vms = [], systemSnapshots = [] } = look ?? {};
  const traces: Readonly<Record<Operation, readonly string[]>> = {
    clone: vms.map(({ vmId }) => vmId),
    revert: systemSnapshots,
  };
  const there = traces[operation];
  const before = [...baseline.vms.map(({ vmId }) => vmId), ...(baseline.systemSnapshots ?? [])];
  return claims
    .filter(({ id }) => there.includes(id) && !before.includes(id))
    .slice(0, MOST_SHOWN)
    .map(({ id, by }) => `${id} is of another request, ${by}, and no candidate`);
}

/** Nothing is made again while a task that may be ours may still work. */
const answersTo = (e: Evidence): readonly Resolution['kind'][] =>
  ANSWERS[e.operation].filter((kind) => kind !== 'repeat' || unreadEnds(e).length === 0);

/**
 * What an answer is held to. Where an earlier run is forgotten, this run's first look may show what that one made: then
 * nothing is known to be older than the request.
 */
export const knownBefore = ({
  baseline,
  unreadRuns,
  ours,
  lost,
}: Evidence): Pick<CheckAnswerInput, 'before' | 'ownTasks'> => {
  const { tasks, vms, ofOthers = [] } = baseline;
  return {
    before: unreadRuns === true ? { tasks: [], vms: [], ofOthers } : { tasks, vms, ofOthers },
    ownTasks: [ours, lost].filter((taskId) => taskId !== undefined),
  };
};
