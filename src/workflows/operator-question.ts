import type { CheckAnswerInput } from '../contract/activities';
import type { Operation } from '../contract/operations';
import { ANSWERS, type NamingAnswer, type Resolution } from '../contract/resolve';
import { unreadEnds, type Asking, type Decision } from './decide';
import { afterResolution, candidatesToShow } from './evidence';
import type { Evidence, Known } from './phases';
import type { RunContext } from './run';
import { startShown } from './status-texts';

/** Asks an operator what looking cannot tell, and goes on as the answer says. */
export async function resolved(
  known: Known,
  { phase, why }: Extract<Decision, { kind: 'needs-decision' }>,
  {
    status,
    operator,
    check,
  }: Pick<RunContext, 'status' | 'operator'> & {
    readonly check: (evidence: Evidence<Asking>, answer: NamingAnswer) => Promise<void>;
  },
): Promise<Evidence> {
  const evidence = { known, phase };
  const asked = {
    why: [why, ...claimedByOthers(evidence)].join('; '),
    candidates: candidatesToShow(evidence),
    answers: answersTo(evidence),
  };
  status.set('start', startShown.question(known.operation, asked, status), 'needs-decision');
  const resolution = await operator.ask(asked, { check: (answer) => check(evidence, answer) });
  // Also where the answer ends the run, which may release its lock first: it asks nothing any more.
  status.set('start', startShown.resolved());
  return afterResolution(known, phase, resolution);
}

/** A memo and a line of text are short. */
const MOST_SHOWN = 5;

/** What would be a candidate, had no other request recorded it. */
function claimedByOthers({ known, phase }: Evidence<Asking>): readonly string[] {
  const { operation, baseline } = known;
  const { claims = [], vms = [], systemSnapshots = [] } = phase.look ?? {};
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
const answersTo = (evidence: Evidence<Asking>): readonly Resolution['kind'][] =>
  ANSWERS[evidence.known.operation].filter((kind) => kind !== 'repeat' || unreadEnds(evidence).length === 0);

/**
 * What an answer is held to. Where an earlier run is forgotten, this run's first look may show what that one made: then
 * nothing is known to be older than the request.
 */
export function knownBefore({
  known: { baseline, earlier },
  phase,
}: Evidence<Asking>): Pick<CheckAnswerInput, 'before' | 'ownTasks'> {
  const { tasks, vms, ofOthers = [] } = baseline;
  return {
    before: earlier?.isIncomplete === true ? { tasks: [], vms: [], ofOthers } : { tasks, vms, ofOthers },
    ownTasks: ownTasks(phase),
  };
}

/** What this request's starts returned needs no check. */
function ownTasks(phase: Asking): readonly string[] {
  switch (phase.kind) {
    case 'ended':
      return [phase.end.taskId];
    case 'lost':
      return [phase.taskId];
    case 'looking':
      return [];
  }
}
