import type { LookInput, PreparedLinkedClone } from '../contract/activities';
import type { Look, StartOutcome } from '../contract/evidence';
import type { DoneActivity } from './done-activities';
import { isStart, mayHaveHadEffect } from './starts-in-history';

/**
 * The last first look before the first start that may have had an effect; without such a start there is none. One that was
 * thrown away, because the lock's last holder had to settle, is followed by another before any start.
 */
export function recordedBaseline(all: readonly DoneActivity[]): Look | undefined {
  const post = all.findIndex((each) => isStart(each) && mayHaveHadEffect(each.result as StartOutcome));
  return post < 0
    ? undefined
    : all
        .slice(0, post)
        .map(firstLookOf)
        .findLast((look) => look !== undefined);
}

const firstLookOf = ({ type, input, result }: DoneActivity): Look | undefined => {
  if (type === 'prepareLinkedClone') return (result as PreparedLinkedClone | undefined)?.baseline;
  return type === 'lookForEffect' && (input as LookInput).depth === 'first'
    ? (result as Look | undefined)
    : undefined;
};
