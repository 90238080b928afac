/*
 * The activities: every side effect of an operation, bound to the configured connections.
 *
 * linked-clone.ts       prepare and start a clone
 * plan-clone.ts         resolves and checks what a clone asks for
 * revert.ts             prepare and start a revert
 * start-once.ts         guards around the one start call: attempt, window, lock, check
 * look.ts               checks vSphere for tasks, machines and snapshots of a request
 * vm-tasks.ts           tasks of the snapshot service, listed; too many of them narrowed
 * strays.ts             machines of another name or place that may be a clone's
 * await-task.ts         waits for a task with heartbeats; detects blocked reads
 * verify.ts             reads what a task has made
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
 * shared-reads.ts       one read for requests that are alike and come together
 * connection.ts         one configured connection, its places and how its tasks are spelled
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
import { awaitTask, isOverdue } from './await-task';
import { checkAnswer } from './check-answer';
import { claimsOfOthers } from './claims';
import { notConfigured, connectionOfStarted, type Connections, type Connection } from './connection';
import { ownRunId, ownWorkflowId, reading } from './context';
import { deleteClone, recallMadeClone, setPower } from './delete-clone';
import { mayHavePosted, recallEarlierRuns } from './earlier-runs';
import { wasTakenByAnother, awaitExclusion, releaseExclusion } from './exclusion';
import { inspect } from './inspect';
import { prepareLinkedClone, startLinkedClone } from './linked-clone';
import { isOpen, lookForClone, lookForRevert } from './look';
import { holdersBefore } from './recent-holders';
import { prepareRevert, startRevert } from './revert';
import {
  assertSameSite,
  otherSite,
  triedForMs,
  unreadElsewhere,
  unverifiedClone,
  unverifiedRevert,
} from './same-site';
import { refused } from './start-once';
import { verifyLinkedClone, verifyRevert } from './verify';

/** Waits at the connection of the task. Where this worker lacks it the run shows as blocked, and the next attempt may find a worker that has it. */
async function awaitTaskWhere(connections: Connections, input: AwaitTaskInput): Promise<Waited> {
  try {
    return await awaitTaskOnSite(connections, input);
  } catch (error) {
    // Attempts that fail one after the other wait no longer than one that lasts.
    if (isOverdue(input)) return { kind: 'overdue' };
    throw error;
  }
}

async function awaitTaskOnSite(connections: Connections, input: AwaitTaskInput): Promise<Waited> {
  const { connection: name, blocked, taskId } = input;
  if (!connections.has(name) && !blocked)
    return { kind: 'blocked', message: notConfigured(connections, name) };
  const connection = connectionOfStarted(connections, name);
  const elsewhere = await reading('after-effect', () => otherSite(connection, input));
  if (elsewhere === undefined) return awaitTask(connection, input);
  // On another site the task is unknown, which must not pass for a record that is gone.
  if (!blocked) return { kind: 'blocked', message: elsewhere };
  if (triedForMs() >= input.unreadableBudgetMs)
    return { kind: 'unreadable', taskId, runId: ownRunId(), message: elsewhere };
  await assertSameSite(connection, input, 'endless');
  return awaitTask(connection, input);
}

/** See `Activities.lookForEffect`. */
const lookForEffect = (connection: Connection, input: LookInput): Promise<Look> =>
  input.depth === 'first'
    ? reading('before-start', (options) => firstLook(connection, input, options))
    : reading('after-effect', (options) => lookAfterUnknown(connection, input, options));

async function firstLook(connection: Connection, input: LookInput, options: CallOptions): Promise<Look> {
  const holders = await holdersBefore(input.exclusion, connection.settings, (taskId) =>
    isOpen(connection, taskId, options),
  );
  return { ...(await look(connection, input, options)), ...holders };
}

/** Whoever made what it shows took the lock before that, so the lock is asked about last. */
async function lookAfterUnknown(
  connection: Connection,
  input: LookInput,
  options: CallOptions,
): Promise<Look> {
  const seen = await look(connection, input, options);
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

function look(connection: Connection, input: LookInput, options: CallOptions): Promise<Look> {
  switch (input.operation) {
    case 'clone':
      return lookForClone(connection, input, input.depth, options);
    case 'revert':
      return lookForRevert(connection, input, input.depth, options);
  }
}

/** The activities of a worker, closed over the connections that it is configured with. */
export function createActivities(connections: Connections): Activities {
  const at = async (where: OnSite, patience: 'asks-in-time' | 'endless' = 'endless'): Promise<Connection> => {
    const connection = connectionOfStarted(connections, where.connection);
    await assertSameSite(connection, where, patience);
    return connection;
  };
  /** Nothing is posted there: not configured is a refusal that passes, never an unknown outcome. */
  const start = <Input extends { readonly connection: string }>(
    by: (connection: Connection, input: Input) => Promise<StartOutcome>,
    input: Input,
  ): Promise<StartOutcome> => {
    const connection = connections.get(input.connection);
    if (connection !== undefined) return by(connection, input);
    const why = `nothing was posted: ${notConfigured(connections, input.connection)}`;
    return Promise.resolve(refused(false, 'Unreachable', why));
  };
  return {
    prepareLinkedClone: (input) => prepareLinkedClone(connections, input),
    prepareRevert: (input) => prepareRevert(connections, input),
    awaitExclusion,
    releaseExclusion,
    // Long histories take longer to read than a heartbeat may be late.
    recallEarlierRuns: (input) => reading('after-effect', () => recallEarlierRuns(input)),
    mayHavePosted: (input) => reading('after-effect', () => mayHavePosted(input)),
    recallMadeClone: (input) => reading('after-effect', () => recallMadeClone(input)),
    startLinkedClone: (input) => start(startLinkedClone, input),
    startRevert: (input) => start(startRevert, input),
    lookForEffect: async (input) => {
      const connection = connectionOfStarted(connections, input.connection);
      await assertSameSite(connection, input, input.depth === 'first' ? 'none' : 'asks-in-time');
      return lookForEffect(connection, input);
    },
    checkAnswer: async (input) => checkAnswer(await at(input.target), input),
    awaitTask: (input) => awaitTaskWhere(connections, input),
    verifyLinkedClone: async (input) => {
      const unread = await unreadElsewhere(connectionOfStarted(connections, input.connection), input);
      return unread === undefined
        ? verifyLinkedClone(await at(input), input)
        : unverifiedClone(input, unread);
    },
    verifyRevert: async (input) => {
      const unread = await unreadElsewhere(connectionOfStarted(connections, input.connection), input);
      return unread === undefined ? verifyRevert(await at(input), input) : unverifiedRevert(input, unread);
    },
    setPower: async (input) => {
      const where = { ...input.target, connection: input.connection };
      return setPower(await at(where, 'asks-in-time'), input);
    },
    deleteClone: async (input) => deleteClone(await at(input), input),
    inspect: (input) => inspect(connections, input),
  };
}
