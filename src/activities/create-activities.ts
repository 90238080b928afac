import type { Activities } from '../contract/activities';
import { awaitExclusion } from './await-exclusion';
import { awaitTask } from './await-task';
import { deleteClone } from './delete-clone';
import { reading } from './in-activity';
import { inspect } from './inspect';
import { lookForEffect } from './look-for-effect';
import { prepareLinkedClone } from './prepare-linked-clone';
import { prepareRevert } from './prepare-revert';
import { mayHavePosted, recallEarlierRuns } from './recall-earlier-runs';
import { recallMadeClone } from './recall-made-clone';
import { releaseExclusion } from './release-exclusion';
import { setPower } from './set-power';
import { siteOf, type Sites } from './site';
import { startLinkedClone } from './start-linked-clone';
import { startRevert } from './start-revert';
import { verifyLinkedClone } from './verify-linked-clone';
import { verifyRevert } from './verify-revert';

/** The activities of a worker, closed over the connections that it is configured with. */
export function createActivities(sites: Sites): Activities {
  const at = (connection: string) => siteOf(sites, connection);
  return {
    prepareLinkedClone: (input) => prepareLinkedClone(sites, input),
    prepareRevert: (input) => prepareRevert(sites, input),
    awaitExclusion,
    releaseExclusion,
    // Long histories take longer to read than a heartbeat may be late.
    recallEarlierRuns: (input) => reading('after-effect', () => recallEarlierRuns(input)),
    mayHavePosted: (input) => reading('after-effect', () => mayHavePosted(input)),
    recallMadeClone: (input) => reading('after-effect', () => recallMadeClone(input)),
    startLinkedClone: (input) => startLinkedClone(at(input.connection), input),
    startRevert: (input) => startRevert(at(input.connection), input),
    lookForEffect: (input) => lookForEffect(at(input.connection), input),
    awaitTask: (input) => awaitTask(at(input.connection), input),
    verifyLinkedClone: (input) => verifyLinkedClone(at(input.connection), input),
    verifyRevert: (input) => verifyRevert(at(input.connection), input),
    setPower: (input) => setPower(at(input.connection), input),
    deleteClone: (input) => deleteClone(at(input.connection), input),
    inspect: (input) => inspect(sites, input),
  };
}
