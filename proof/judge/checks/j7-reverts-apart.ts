import { each, type Check } from '../check';
import { describeEffect } from '../view/describe-effect';
import type { RoundView } from '../view/round-view';
import type { Effect } from '../evidence/simulator-records';

interface Interval {
  readonly vm: string;
  readonly begin: Effect;
  /** Absent where it never ended: nothing of the machine may begin after it. */
  readonly end: Effect | undefined;
}

/** Snapflow's reverts of one machine never overlap: one begins with its snapshot and ends with the fall of the content. */
export const revertsApart: Check = {
  id: 'J7',
  demands: 'reverts of one machine never overlap',
  judge: (round) => {
    // What somebody on the way repeats runs beside the first; J1 asks that it is seen.
    const isRepeated = round.evidence.plan.expect.twoEffectsPossible !== undefined;
    const intervals = isRepeated ? [] : intervalsOf(round);
    const pairs = intervals.flatMap((one, index) =>
      intervals.slice(index + 1).map((other) => [one, other] as const),
    );
    return { ...each('reverts', pairs, ([one, other]) => [overlap(one, other)]), looked: intervals.length };
  },
};

function intervalsOf({ evidence, owners }: RoundView): readonly Interval[] {
  const own = evidence.ledger.filter((effect) => owners.workflowOf(effect) !== undefined);
  return own
    .filter(({ kind }) => kind === 'snapshot')
    .map((begin) => ({
      vm: begin.vm,
      begin,
      end: own.find(({ kind, task }) => kind === 'revert' && task === begin.task),
    }))
    .filter(({ begin, end }) => end !== undefined || isOpen(begin, evidence));
}

const isOpen = ({ task }: Effect, { after }: RoundView['evidence']): boolean =>
  after.tasks.some((each) => each.task === task && !['SUCCEEDED', 'FAILED'].includes(each.status));

/** `one` begins first. */
function overlap(one: Interval, other: Interval): string | undefined {
  if (one.vm !== other.vm || (one.end?.seq ?? Infinity) < other.begin.seq) return undefined;
  const until = one.end === undefined ? 'which never ended' : `which ended with #${one.end.seq}`;
  return `${describeEffect(other.begin)} began on ${one.vm} within ${describeEffect(one.begin)}, ${until}`;
}
