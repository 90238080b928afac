import { decide } from '../../src/workflows/decide';
import {
  afterRecall,
  beforeRecall,
  afterEnd,
  afterLook,
  afterPause,
  afterQuarantine,
  afterStart,
} from '../../src/workflows/evidence';

/** The product's own functions, and the guards around them that the model repeats; a mutant replaces one. */
export interface Rules {
  readonly decide: typeof decide;
  readonly afterStart: typeof afterStart;
  readonly afterLook: typeof afterLook;
  readonly afterEnd: typeof afterEnd;
  readonly afterPause: typeof afterPause;
  readonly afterQuarantine: typeof afterQuarantine;
  readonly afterRecall: typeof afterRecall;
  /** `obtain-effect.ts`: a run that a reset made recalls before a stop ends it. */
  readonly beforeStop: typeof beforeRecall | undefined;
  /** A look that failed is retried by the product; a mutant reads it as empty. */
  readonly lookFails: boolean;
  /** `post-window.ts`: a paused attempt that wakes up too late does not write. */
  readonly windowCloses: boolean;
  /** `post-window.ts`: a run that a reset made posts only after a quarantine of its own. */
  readonly resetWaits: boolean;
  /** `acquire-exclusion.ts`: one request at a time. */
  readonly excludes: boolean;
  /** `start-once.ts`: the lock is looked at immediately before the post. */
  readonly checksLock: boolean;
  /** `recent-holders.ts`: what they recorded is of others. */
  readonly claims: boolean;
  /** `recent-holders.ts`: a terminated holder's last call is waited out. */
  readonly settles: boolean;
  /** `recent-holders.ts`: for longer, where its worker said nothing of its start. */
  readonly settlesLate: boolean;
  /** `linked-clone.ts`: a start that finds its own name taken at the post is unknown. */
  readonly twiceIsUnknown: boolean;
  /** `revert-vm.ts`: the baseline is a look under the lock (0007). */
  readonly looksUnderLock: boolean;
  /** `recall-earlier-runs.ts`: whether another request had the lock since. */
  readonly tellsContest: boolean;
  /** `earlier-runs.ts`: whether a start of earlier runs ended without its worker's word. */
  readonly tellsSilence: boolean;
  /** `held-by-another.ts`: a look says whether another request took the lock since. */
  readonly tellsTaken: boolean;
}

export const PRODUCT: Rules = {
  decide,
  afterStart,
  afterLook,
  afterEnd,
  afterPause,
  afterQuarantine,
  afterRecall,
  beforeStop: beforeRecall,
  lookFails: false,
  windowCloses: true,
  resetWaits: true,
  excludes: true,
  checksLock: true,
  claims: true,
  settles: true,
  settlesLate: true,
  twiceIsUnknown: true,
  looksUnderLock: true,
  tellsContest: true,
  tellsSilence: true,
  tellsTaken: true,
};
