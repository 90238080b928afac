import type { Activities } from '../contract/activities';
import type { StartOutcome } from '../contract/evidence';
import { awaitExclusion } from './await-exclusion';
import { awaitTaskWhere } from './await-task-where';
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
import { notConfigured, siteOfBegun, type Site, type Sites } from './site';
import { refused } from './start-once';
import { startLinkedClone } from './start-linked-clone';
import { startRevert } from './start-revert';
import { verifyLinkedClone } from './verify-linked-clone';
import { verifyRevert } from './verify-revert';

/** The activities of a worker, closed over the connections that it is configured with. */
export function createActivities(sites: Sites): Activities {
  const at = (connection: string) => siteOfBegun(sites, connection);
  /** Nothing is posted there: not configured is a refusal that passes, never an unknown outcome. */
  const start = <Input extends { readonly connection: string }>(
    by: (site: Site, input: Input) => Promise<StartOutcome>,
    input: Input,
  ): Promise<StartOutcome> => {
    const site = sites.get(input.connection);
    if (site !== undefined) return by(site, input);
    const why = `nothing was posted: ${notConfigured(sites, input.connection)}`;
    return Promise.resolve(refused(false, 'Unreachable', why));
  };
  return {
    prepareLinkedClone: (input) => prepareLinkedClone(sites, input),
    prepareRevert: (input) => prepareRevert(sites, input),
    awaitExclusion,
    releaseExclusion,
    // Long histories take longer to read than a heartbeat may be late.
    recallEarlierRuns: (input) => reading('after-effect', () => recallEarlierRuns(input)),
    mayHavePosted: (input) => reading('after-effect', () => mayHavePosted(input)),
    recallMadeClone: (input) => reading('after-effect', () => recallMadeClone(input)),
    startLinkedClone: (input) => start(startLinkedClone, input),
    startRevert: (input) => start(startRevert, input),
    lookForEffect: async (input) => lookForEffect(at(input.connection), input),
    awaitTask: (input) => awaitTaskWhere(sites, input),
    verifyLinkedClone: async (input) => verifyLinkedClone(at(input.connection), input),
    verifyRevert: async (input) => verifyRevert(at(input.connection), input),
    setPower: async (input) => setPower(at(input.connection), input),
    deleteClone: async (input) => deleteClone(at(input.connection), input),
    inspect: (input) => inspect(sites, input),
  };
}
