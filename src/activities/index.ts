/*
 * The activities: every side effect of an operation, bound to the configured connections.
 *
 * linked-clone.ts       prepare, start and verify a clone
 * revert.ts             prepare, start and verify a revert
 * start-once.ts         guards around the one start call: attempt, window, lock, check
 * look.ts               checks vSphere for tasks, machines and snapshots of a request
 * vm-tasks.ts           tasks of the snapshot service, listed; too many of them narrowed
 * strays.ts             machines of another name or place that may be a clone's
 * await-task.ts         waits for a task with heartbeats; detects blocked reads
 * delete-clone.ts       deletes by id what is provably the clone; powers it
 * check-answer.ts       holds what an operator names to what the request asked for
 * exclusion.ts          waits for, releases and reads the lock
 * recent-holders.ts     what the lock's last holders recorded
 * claims.ts             what other requests of a name or machine recorded as theirs
 * earlier-runs.ts       what earlier runs of the same request recorded
 * history.ts            reads workflow histories and descriptions
 * resolve-names.ts      cluster and machine: names to ids
 * resolve-one.ts        exactly one object of a name, or a typed failure
 * resolve-placement.ts  folder, pool and host of a clone
 * resolve-snapshot.ts   the snapshot that a request names
 * checks.ts             allow-list and privileges, before anything changes
 * inspect.ts            answers snapshots, plan and doctor queries
 * doctor.ts             checks each connection: reach, clock, release
 * doctor-access.ts      checks the allow-list and the account's privileges
 * same-site.ts          keeps every step on the site of the first one
 * connection.ts         one configured connection, its queue and its capacity
 * context.ts            request id, phase and deadline of a call in an activity
 * errors.ts             table: kind of vSphere error to retry class and failure
 */
import type {
  AwaitTaskInput,
  Exclusion,
  Waited,
  LookInput,
  Activities,
  OnSite,
} from '../contract/activities';
import type { Look, StartOutcome } from '../contract/evidence';
import { omitUndefined } from '../contract/omit-undefined';
import type { CallOptions } from '../vsphere';
import { awaitTask } from './await-task';
import { checkAnswer } from './check-answer';
import { claimsOfOthers } from './claims';
import { notConfigured, siteOfBegun, type Sites, type Site } from './connection';
import { ownRunId, ownWorkflowId, reading } from './context';
import { deleteClone, recallMadeClone, setPower } from './delete-clone';
import { mayHavePosted, recallEarlierRuns } from './earlier-runs';
import { wasTakenByAnother, awaitExclusion, releaseExclusion } from './exclusion';
import { inspect } from './inspect';
import { prepareLinkedClone, startLinkedClone, verifyLinkedClone } from './linked-clone';
import { isOpen, lookForClone, lookForRevert } from './look';
import { holdersBefore } from './recent-holders';
import { prepareRevert, startRevert, verifyRevert } from './revert';
import { assertSameSite, otherSite, triedForMs } from './same-site';
import { refused } from './start-once';

/** Waits at the connection of the task. Where this worker lacks it the run shows as blocked, and the next attempt may find a worker that has it. */
async function awaitTaskWhere(sites: Sites, input: AwaitTaskInput): Promise<Waited> {
  const { connection, blocked, taskId } = input;
  if (!sites.has(connection) && !blocked)
    return { kind: 'blocked', message: notConfigured(sites, connection) };
  const site = siteOfBegun(sites, connection);
  const elsewhere = await reading('after-effect', () => otherSite(site, input));
  if (elsewhere === undefined) return awaitTask(site, input);
  // On another site the task is unknown, which must not pass for a record that is gone.
  if (!blocked) return { kind: 'blocked', message: elsewhere };
  if (triedForMs() >= input.unreadableBudgetMs)
    return { kind: 'unreadable', taskId, runId: ownRunId(), message: elsewhere };
  await assertSameSite(site, input, 'endless');
  return awaitTask(site, input);
}

/** See `Activities.lookForEffect`. */
const lookForEffect = (site: Site, input: LookInput): Promise<Look> =>
  input.depth === 'first'
    ? reading('before-start', (options) => firstLook(site, input, options))
    : reading('after-effect', (options) => lookAfterUnknown(site, input, options));

async function firstLook(site: Site, input: LookInput, options: CallOptions): Promise<Look> {
  const holders = await holdersBefore(input.exclusion, site.settings, (taskId) =>
    isOpen(site, taskId, options),
  );
  return { ...(await look(site, input, options)), ...holders };
}

/** Whoever made what it shows took the lock before that, so the lock is asked about last. */
async function lookAfterUnknown(site: Site, input: LookInput, options: CallOptions): Promise<Look> {
  const seen = await look(site, input, options);
  const { exclusion } = input;
  if (exclusion === undefined) return seen;
  const claimed = { ...seen, ...(await claimsOn(seen, exclusion)) };
  return (await wasTakenByAnother(exclusion)) ? { ...claimed, contested: true } : claimed;
}

async function claimsOn(
  { tasks, vms, systemSnapshots = [] }: Look,
  { lockId }: Exclusion,
): Promise<Pick<Look, 'claims' | 'claimsUnread'>> {
  const { by, unread } = await claimsOfOthers(lockId, ownWorkflowId());
  const seen = [...tasks.map(({ taskId }) => taskId), ...vms.map(({ vmId }) => vmId), ...systemSnapshots];
  const claims = seen.flatMap((id) => {
    const other = by.get(id);
    return other === undefined ? [] : [{ id, by: other }];
  });
  return {
    ...(claims.length === 0 ? {} : { claims }),
    ...omitUndefined({ claimsUnread: unread }),
  };
}

function look(site: Site, input: LookInput, options: CallOptions): Promise<Look> {
  switch (input.operation) {
    case 'clone':
      return lookForClone(site, input, input.depth, options);
    case 'revert':
      return lookForRevert(site, input, input.depth, options);
  }
}

/** The activities of a worker, closed over the connections that it is configured with. */
export function createActivities(sites: Sites): Activities {
  const at = async (where: OnSite): Promise<Site> => {
    const site = siteOfBegun(sites, where.connection);
    await assertSameSite(site, where, 'endless');
    return site;
  };
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
    lookForEffect: async (input) => {
      const site = siteOfBegun(sites, input.connection);
      await assertSameSite(site, input, input.depth === 'first' ? 'none' : 'asks-in-time');
      return lookForEffect(site, input);
    },
    checkAnswer: async (input) => checkAnswer(await at(input.target), input),
    awaitTask: (input) => awaitTaskWhere(sites, input),
    verifyLinkedClone: async (input) => verifyLinkedClone(await at(input), input),
    verifyRevert: async (input) => verifyRevert(await at(input), input),
    setPower: async (input) => setPower(await at({ ...input.target, connection: input.connection }), input),
    deleteClone: async (input) => deleteClone(await at(input), input),
    inspect: (input) => inspect(sites, input),
  };
}
