import type { TaskEnd } from '../contract/evidence';
import type { Recollection } from '../contract/recollection';
import type { Evidence } from './decide';
import { forgetLooks } from './gather';

/** What is known before the first post. A request that is run `--again` may have had its effect in an earlier run. */
export const firstEvidence = (
  about: Pick<Evidence, 'operation' | 'called' | 'vmId' | 'user' | 'baseline' | 'maxUnknowns'>,
  again: boolean,
): Evidence => ({
  ...about,
  mayHavePosted: again,
  mustRecall: again,
  unknowns: 0,
  quarantined: false,
  ends: {},
  undoBegun: false,
});

/** A reset made this run and it is to stop: earlier runs may have posted, and are read and looked for before it ends (E5). */
export const beforeRecall = (e: Evidence): Evidence => ({
  ...forgetLooks(e),
  mayHavePosted: true,
  mustRecall: true,
});

/** What the histories of the request's earlier runs prove (E11): their tasks are ours, their first look is the baseline. */
export function afterRecall(e: Evidence, earlier: Recollection): Evidence {
  const ends = { ...Object.fromEntries(earlier.ends.map((end) => [end.taskId, end])), ...e.ends };
  const ours = earlier.undoBegun
    ? undefined
    : earlier.taskIds.findLast((taskId) => mayHaveWorked(ends[taskId]));
  const gone = earlier.taskIds.findLast((taskId) => ends[taskId]?.kind === 'gone');
  return {
    ...e,
    mustRecall: false,
    baseline: earlier.baseline ?? e.baseline,
    undoBegun: earlier.undoBegun,
    contested: earlier.contested,
    ...(earlier.incomplete === true ? { unreadRuns: true } : {}),
    ends,
    ...(ours === undefined ? {} : { ours }),
    ...(ours !== undefined || gone === undefined ? {} : { lost: gone }),
  };
}

const mayHaveWorked = (end: TaskEnd | undefined): boolean => end === undefined || end.kind === 'succeeded';
