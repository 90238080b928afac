import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../contract/activities';
import { patiently, usedUp } from './activity-calls';
import { goesOn, type Asker } from './growth';

/** A refusal of minutes is a privilege that is being granted, one of hours needs a person. */
export const UNDO_BUDGET_MS = 4 * 3_600_000;
/** The same in attempts, with 15 s between them. They are counted, so that an outage of our own workers uses none up. */
const ATTEMPTS_UNTIL_ASKED = UNDO_BUDGET_MS / 15_000;

/** An operator has an undo ended that is refused. */
interface Kept {
  readonly keptBecause: string;
}

export const keptByOperator = ({ keptBecause }: Kept): string =>
  `an operator has it kept, since ${keptBecause}`;

/**
 * A step of an undo: tried again for as long as the server cannot be reached. Where it is refused for hours, an operator
 * says whether to go on.
 * @returns why it is kept, where the operator says so
 */
export async function undoing<T>(
  summary: string,
  context: Asker,
  undone: { readonly candidates: readonly string[]; readonly call: (activities: Activities) => Promise<T> },
): Promise<T | Kept> {
  for (;;) {
    try {
      return await patiently(summary, context.status, undone.call, ATTEMPTS_UNTIL_ASKED);
    } catch (error) {
      if (!usedUp(error)) throw error;
      const { cause } = error;
      if (cause instanceof ApplicationFailure && cause.type === 'Unreachable') continue;
      const keptBecause = (cause?.message ?? error.message).replace(/\.$/, '');
      const why = `the undo is refused: ${keptBecause}`;
      const { candidates } = undone;
      if (!(await goesOn(context, { about: 'undo', phase: 'compensate', why, candidates })))
        return { keptBecause };
    }
  }
}
