import type { StartRevertInput } from '../contract/activities';
import type { StartOutcome } from '../contract/evidence';
import type { DoneActivity } from './done-activities';

export const START_TYPES = ['startLinkedClone', 'startRevert'];

export const isUndo = ({ type, input }: DoneActivity): boolean =>
  type === 'startRevert' && (input as StartRevertInput | undefined)?.purpose === 'undo';

/** Of the starts that were to have the request's effect, not of those that undo it. */
export const isStart = (each: DoneActivity): boolean => START_TYPES.includes(each.type) && !isUndo(each);

/** A start without a value may have posted; one that a refusal or a reset ended has not. */
export const mayHaveHadEffect = (outcome: StartOutcome | undefined): boolean =>
  outcome === undefined ||
  outcome.kind === 'started' ||
  (outcome.kind === 'unknown' && outcome.afterReset !== true);
