import { each, together, type Check } from '../check';
import type { RequestView } from '../view/request-view';
import type { RoundView } from '../view/round-view';
import { describeEffect } from '../view/describe-effect';

/**
 * At most one effect per accepted request. A request that was accepted anew (`--again`) may have one more, but never two
 * that nothing undid. Where nobody can prevent a second one, it must have been seen.
 */
export const oneEffect: Check = {
  id: 'J1',
  demands: 'at most one effect per accepted request',
  judge: (round) =>
    together(
      'requests and reverted machines',
      each('requests', round.requests, (view) => effectsOf(view, round)),
      each('machines', revertedVms(round), (vm) => [unexplainedFall(vm, round)]),
    ),
};

function effectsOf(view: RequestView, round: RoundView): readonly string[] {
  const { effects, live, acceptances, request } = view;
  const named = effects.map(describeEffect).join(', ');
  const { twoEffectsPossible } = round.evidence.plan.expect;
  const duplicate = live.length > 1 || effects.length > Math.max(acceptances, 1);
  if (effects.length > 0 && acceptances === 0)
    return [`request ${request.requestId} was never accepted and yet had ${named}`];
  if (!duplicate) return [];
  if (twoEffectsPossible === undefined)
    return [
      `request ${request.requestId}, accepted ${acceptances} times, had ${effects.length} effects: ${named}`,
    ];
  return isSeen(view)
    ? []
    : [
        `request ${request.requestId} had ${named} (${twoEffectsPossible}), and no warning or failure says so`,
      ];
}

/** A revert that began twice took two snapshots: which of them undoes it cannot be told, and the result says so. */
const SEEN = ['DuplicateSuspected', 'UndoSnapshotUnknown'];

/** A warning of the result, a failure, or a question to an operator. */
function isSeen({ last, standing }: RequestView): boolean {
  const warnings = (last?.result as { warnings?: readonly { type?: unknown }[] } | undefined)?.warnings ?? [];
  return standing !== 'succeeded' || warnings.some(({ type }) => SEEN.some((seen) => seen === type));
}

const revertedVms = ({ evidence }: RoundView): readonly string[] => [
  ...new Set(evidence.plan.requests.filter(({ operation }) => operation === 'revert').map(({ vm }) => vm)),
];

/** The content of a machine falls by reverts only: below what the ledger explains, one is missing from it. */
function unexplainedFall(vm: string, { evidence }: RoundView): string | undefined {
  const { before, after, ledger } = evidence;
  const generation = (state: typeof after) =>
    state.inventory.vms.find(({ id }) => id === vm)?.contentGeneration;
  const start = generation(before);
  const end = generation(after);
  if (start === undefined || end === undefined) return undefined;
  const last = ledger.findLast((effect) => effect.kind === 'revert' && effect.vm === vm);
  const snapshots = [...before.inventory.snapshots, ...after.inventory.snapshots];
  const lowest =
    last === undefined
      ? start
      : (snapshots.find(({ id }) => id === last.snapshot)?.contentGeneration ?? start);
  return end < lowest
    ? `the content of ${vm} fell to generation ${end}, below the ${lowest} that the ledger explains`
    : undefined;
}
