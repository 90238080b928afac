import { each, type Check } from '../check';
import { describeEffect } from '../view/describe-effect';
import { isLeftAtEnd } from '../view/is-left-at-end';
import type { RequestView } from '../view/request-view';
import type { RoundView } from '../view/round-view';
import type { Effect } from '../evidence/simulator-records';
import type { Run } from '../evidence/temporal-records';

/** After a failure or a cancel nothing is left, or it is named; what a terminated run left is named by `list`. */
export const failure: Check = {
  id: 'J3',
  demands: 'a failure or cancel leaves nothing that is not named',
  judge: (round) =>
    each(
      'unsuccessful requests',
      round.accepted.filter(({ standing }) => ['failed', 'cancelled', 'terminated'].includes(standing ?? '')),
      (view) => violationsOf(view, round),
    ),
};

function violationsOf(view: RequestView, round: RoundView): readonly (string | undefined)[] {
  const { last, live, request, standing } = view;
  if (last === undefined) return [];
  const left = live.filter((effect) => isLeftAtEnd(effect, round.evidence));
  const about = `request ${request.requestId} (run ${last.runId}) ended ${standing}`;
  return left.map((effect) =>
    isAccountedFor(effect, last, standing, round)
      ? undefined
      : `${about}, and ${describeEffect(effect)} is left and not named`,
  );
}

function isAccountedFor(
  effect: Effect,
  run: Run,
  standing: RequestView['standing'],
  { evidence }: RoundView,
): boolean {
  if (standing === 'terminated')
    return evidence.list.some(({ runId, state }) => runId === run.runId && state === 'failed');
  if (isKept(run)) return true;
  const said = JSON.stringify([run.failure?.message, run.failure?.details]);
  const names = [effect.resultVm, effect.task, undoSnapshotOf(effect, evidence.ledger)];
  return (
    NAMING.includes(run.failure?.type ?? '') &&
    names.some((name) => name !== undefined && said.includes(name))
  );
}

/** Failures that say what they leave. */
const NAMING = ['CompensationIncomplete', 'OutcomeUnknown', 'PowerOnFailed'];

/** The caller asked for the effect to be kept, and the run ended by a stop. */
function isKept({ status, failure, memo }: Run): boolean {
  const { onCancel } = (memo['snapflowRequest'] ?? {}) as { onCancel?: unknown };
  const isStopped = status === 'CANCELLED' || failure?.type === 'DeadlineExceeded';
  return isStopped && onCancel === 'keep';
}

const undoSnapshotOf = ({ task }: Effect, ledger: readonly Effect[]): string | undefined =>
  ledger.find((taken) => taken.kind === 'snapshot' && taken.task === task)?.snapshot;
