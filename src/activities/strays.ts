import { Context } from '@temporalio/activity';
import type { CloneTarget } from '../contract/activities';
import type { ObservedVm, Stray } from '../contract/evidence';
import { listedRuns, type ListedRun } from '../contract/listed-runs';
import { cloneNameLockId, MEMO, OPERATIONS, SEARCH_ATTRIBUTES } from '../contract/operations';
import { compareAccounts, nameForms, sameName } from '../contract/spelling';
import { VsphereError, type CallOptions, type VmSummary } from '../vsphere';
import { isThere } from './checks';
import { claimedIn, claimsOfOthers } from './claims';
import type { Connection } from './connection';
import { ownWorkflowId } from './context';
import { quoted } from './history';
import type { SeenTask } from './vm-tasks';

/** More ended clones of one account within a safety wait are asked about: each is a question to visibility. */
const MOST_LOOKED_UP = 50;
/** Runs of clones that are listed to find one by its own name: those that run, then the newest. */
const MOST_LISTED = 2_000;

/** A clone that may have been posted. `since`: when its baseline was seen, by the appliance's clock. */
export type SoughtClone = CloneTarget & { readonly since?: string };

/**
 * Machines that a task made since, and that have another name or place by now: an automation may have renamed or moved the
 * request's own. Each is read by its id. One that another request recorded is that one's. One that is gone is no trace.
 */
export async function straysOf(
  connection: Connection,
  clone: SoughtClone,
  { tasks, vms }: { readonly tasks: readonly SeenTask[]; readonly vms: readonly ObservedVm[] },
  options: CallOptions,
): Promise<readonly Stray[]> {
  const { appliance, vcenter } = connection.vsphere;
  const made = tasks.flatMap((task) => strayOf(task, clone, vms));
  if (made.length === 0) return [];
  const { user } = await appliance.whoAmI(options);
  const maybeOurs = made.filter(
    (task) => task.user === undefined || compareAccounts(task.user, user) !== 'other',
  );
  if (maybeOurs.length === 0) return [];
  const there = await vcenter.listVms({ vms: maybeOurs.map(({ vmId }) => vmId) }, options);
  const strays: Stray[] = [];
  for (const { taskId, vmId } of maybeOurs) {
    const vm = there.find((each) => each.vmId === vmId);
    const isLookedUp = strays.length < MOST_LOOKED_UP;
    if (isLookedUp && (await isExplained(connection, clone, { taskId, vmId, vm }, options))) continue;
    strays.push({ taskId, vmId });
  }
  return strays;
}

/** A list leaves out what the account may not see: a machine that is in none is gone only if it is asked for by its id. */
const isExplained = async (
  connection: Connection,
  clone: SoughtClone,
  { taskId, vmId, vm }: Stray & { readonly vm: VmSummary | undefined },
  options: CallOptions,
): Promise<boolean> => (vm === undefined ? isGone(connection, vmId, options) : isRecorded(clone, vm, taskId));

/** What the account may not read is there: it may have been moved to where the account has no privilege. */
async function isGone(connection: Connection, vmId: string, options: CallOptions): Promise<boolean> {
  try {
    return !(await isThere(connection, vmId, options));
  } catch (error) {
    if (error instanceof VsphereError && error.kind === 'forbidden') return false;
    throw error;
  }
}

function strayOf(
  { taskId, status, user, targetId, resultId, startedAt }: SeenTask,
  { vmId: sourceId, since }: SoughtClone,
  vms: readonly ObservedVm[],
) {
  if (status !== 'SUCCEEDED' || resultId === undefined || vms.some(({ vmId }) => vmId === resultId))
    return [];
  const isOfAnotherSource = targetId !== undefined && targetId !== sourceId && targetId !== resultId;
  const isOlder = startedAt !== undefined && since !== undefined && Date.parse(startedAt) < Date.parse(since);
  return isOfAnotherSource || isOlder ? [] : [{ taskId, user, vmId: resultId }];
}

/** A name is not enough: what counts is that the history of another request has the id. */
async function isRecorded(
  { connection }: CloneTarget,
  { name, vmId }: VmSummary,
  taskId: string,
): Promise<boolean> {
  // A name that does not read leads to no history.
  if (name === undefined) return false;
  const own = ownWorkflowId();
  // The clock's error reaches back to before this request began.
  const { by } = await claimsOfOthers(cloneNameLockId(connection, name), own, 'ever');
  if (by.has(vmId) || by.has(taskId)) return true;
  const claimed = await claimedByOwnName(name, own);
  return claimed.includes(vmId) || claimed.includes(taskId);
}

/**
 * What a request with an own name recorded. It has no lock, and its memo has the name. Its search attribute has it, too,
 * or the name that was asked for where its caller made no nonce, or is absent. One that no list shows makes a question.
 */
async function claimedByOwnName(name: string, own: string): Promise<readonly string[]> {
  let listed = 0;
  for await (const { workflowId, runId, memo } of clonesThatMayHaveMade(name)) {
    if (++listed > MOST_LISTED) break;
    const called = memo[MEMO.name];
    if (workflowId === own || typeof called !== 'string' || !sameName(called, name)) continue;
    return (await claimedIn(workflowId, runId)) ?? [];
  }
  return [];
}

/** A namespace without the attribute refuses the query: then all clones are listed. */
async function* clonesThatMayHaveMade(name: string): AsyncGenerator<ListedRun, void, undefined> {
  const { client } = Context.current();
  const clones = `WorkflowType = '${OPERATIONS.clone.workflow}'`;
  const { name: attribute } = SEARCH_ATTRIBUTES;
  const [, asked = name] = /^(.+)-[^-]+$/s.exec(name) ?? [];
  const names = [name, asked].flatMap(nameForms).map(quoted).join(', ');
  try {
    yield* listedRuns(client, `${clones} AND (${attribute} IN (${names}) OR ${attribute} IS NULL)`);
  } catch (error) {
    if (!isQueryRefused(error)) throw error;
    yield* listedRuns(client, clones);
  }
}

/** Fixed by gRPC's specification. */
const INVALID_ARGUMENT = 3;

const isQueryRefused = (error: unknown): boolean =>
  (error as { readonly code?: unknown } | undefined)?.code === INVALID_ARGUMENT;
