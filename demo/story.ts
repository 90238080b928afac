import { cancelledClone } from './chapters/cancelled-clone';
import { failedTask } from './chapters/failed-task';
import { killedWorker } from './chapters/killed-worker';
import { liveClone } from './chapters/live-clone';
import { lostReply } from './chapters/lost-reply';
import { missingPrivilege } from './chapters/missing-privilege';
import { oneEffectEach } from './chapters/one-effect-each';
import { repeatedRequest } from './chapters/repeated-request';
import { revertWithPower } from './chapters/revert-with-power';
import type { Chapter } from './environment';

/** In the order in which they are told; the last one counts what all of them did. */
export const STORY: readonly Chapter[] = [
  liveClone,
  killedWorker,
  missingPrivilege,
  repeatedRequest,
  lostReply,
  failedTask,
  cancelledClone,
  revertWithPower,
  oneEffectEach,
];
