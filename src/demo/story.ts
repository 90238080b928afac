import { killedWorker } from './chapters/killed-worker';
import { liveClone } from './chapters/live-clone';
import { missingPrivilege } from './chapters/missing-privilege';
import { oneEffectEach } from './chapters/one-effect-each';
import { repeatedRequest } from './chapters/repeated-request';
import type { Chapter } from './stage';

/** In the order in which they are told; the last one counts what all of them did. */
export const STORY: readonly Chapter[] = [
  liveClone,
  killedWorker,
  missingPrivilege,
  repeatedRequest,
  oneEffectEach,
];
