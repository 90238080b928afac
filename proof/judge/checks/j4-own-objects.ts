import { each, type Check } from '../check';
import { describeEffect } from '../view/describe-effect';
import type { RoundView } from '../view/round-view';
import type { Effect } from '../evidence/simulator-records';

/** Snapflow deletes what its request made, powered off, as it was made; and it touches nothing else. */
export const ownObjects: Check = {
  id: 'J4',
  demands:
    'only what the request made is deleted, never powered on, renamed or moved, and nothing else is touched',
  judge: (round) =>
    each(
      'effects',
      round.evidence.ledger.filter((effect) => round.owners.workflowOf(effect) !== undefined),
      (effect) => [isNotOwn(effect, round), changedBefore(effect, round)],
    ),
};

function isNotOwn(effect: Effect, round: RoundView): string | undefined {
  const view = round.requests.find(({ all }) => all.includes(effect));
  if (view === undefined)
    return `${describeEffect(effect)} was caused by ${effect.requestId}, which no request of the plan is`;
  const { request, effects, undos } = view;
  const made = effects.filter(({ seq }) => seq < effect.seq).map(({ resultVm }) => resultVm);
  const about = `request ${request.requestId} (${request.operation} of ${request.vm}) caused ${describeEffect(effect)}`;
  switch (effect.kind) {
    case 'delete':
      return made.includes(effect.vm) ? undefined : `${about}, which it did not make`;
    case 'power':
      return made.includes(effect.vm) || (request.operation === 'revert' && effect.vm === request.vm)
        ? undefined
        : `${about}, which is not its to power`;
    case 'clone':
      return request.operation === 'clone' ? undefined : about;
    case 'revert':
    case 'snapshot':
      return request.operation === 'revert' && (effect.vm === request.vm || undos.includes(effect))
        ? undefined
        : about;
    case 'restore':
      return about;
  }
}

/** A machine that somebody uses: switched on by a call, or changed behind our back. */
function changedBefore(effect: Effect, { evidence }: RoundView): string | undefined {
  if (effect.kind !== 'delete') return undefined;
  const switched = evidence.ledger.findLast(
    ({ kind, vm, seq }) => kind === 'power' && vm === effect.vm && seq < effect.seq,
  );
  if (switched?.power === 'POWERED_ON')
    return `${describeEffect(effect)} deleted a machine that ${describeEffect(switched)} had powered on`;
  const changed = evidence.journal.find(
    ({ event, vm, at }) => event === 'changed' && vm === effect.vm && Date.parse(at) < Date.parse(effect.at),
  );
  if (changed === undefined || evidence.plan.expect.undoOnItsWay !== undefined) return undefined;
  return `${describeEffect(effect)} deleted a machine that somebody had ${changed.change} at ${changed.at}`;
}
