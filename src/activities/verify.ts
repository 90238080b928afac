import { Context } from '@temporalio/activity';
import type {
  AwaitTaskInput,
  VerifiedAtEnd,
  VerifiedClone,
  VerifiedRevert,
  VerifyLinkedCloneInput,
  VerifyRevertInput,
} from '../contract/activities';
import type { TaskEnd } from '../contract/evidence';
import { omitUndefined } from '../contract/omit-undefined';
import type { Warning } from '../contract/operations';
import { sameName } from '../contract/spelling';
import { VsphereError, type CallOptions, type PowerState } from '../vsphere';
import type { Connection } from './connection';
import { callerId, ownRunId, reading } from './context';
import { systemSnapshotsOf, vmsNamed } from './look';

/** A read that takes longer is a step of its own, which can show as blocked. */
const VERIFY_WITHIN_MS = 5_000;

/** An end with what it made, where that can be read at once. It never rejects: the end alone is what a wait is for (E13). */
export async function verifiedEnd<End extends Ending>(
  connection: Connection,
  input: AwaitTaskInput,
  end: End,
): Promise<End & Verified> {
  if (end.kind !== 'succeeded') return end;
  const { cancellationSignal } = Context.current();
  const signal = AbortSignal.any([cancellationSignal, AbortSignal.timeout(VERIFY_WITHIN_MS)]);
  const made = readEffect(connection, input, end, { requestId: callerId(), signal });
  return { ...end, ...omitUndefined({ verified: await made.catch(() => undefined) }) };
}

interface Ending {
  readonly kind: TaskEnd['kind'];
  readonly resultId?: string;
}

interface Verified {
  readonly verified?: VerifiedAtEnd;
}

async function readEffect(
  connection: Connection,
  { connection: name, siteId, verify }: AwaitTaskInput,
  { resultId }: Ending,
  options: CallOptions,
): Promise<VerifiedAtEnd | undefined> {
  const where = { connection: name, ...omitUndefined({ siteId }) };
  if (verify === undefined) return undefined;
  switch (verify.operation) {
    case 'clone': {
      if (resultId === undefined) return undefined;
      const made = { ...where, ...verify, vmId: resultId };
      return { clone: await readClone(connection, made, VERIFY_WITHIN_MS, options) };
    }
    case 'revert':
      return { revert: await readReverted(connection, { ...where, ...verify }, options) };
    default:
      return verify satisfies never;
  }
}

/** The inventory follows the end of a task by a second or so. */
const AGAIN_MS = 1_000;

/** Well within the time that an attempt of a read has: the quarantine, which callers give, may be an hour. */
const LONGEST_MS = 300_000;

/** Reads an object that a task has just made. Rejects with `not-found` only when it has not shown within that time. */
async function untilVisible<T>(read: () => Promise<T>, withinMs: number): Promise<T> {
  const until = performance.now() + Math.min(withinMs, LONGEST_MS);
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const isMissing = error instanceof VsphereError && error.kind === 'not-found';
      if (!isMissing || performance.now() >= until) throw error;
      await Context.current().sleep(Math.min(AGAIN_MS, until - performance.now()));
    }
  }
}

/**
 * Reads the new machine by id, once the inventory shows it: what acts on it next must not take it for gone. A task that
 * SUCCEEDED has succeeded (E13): an automation or a person may have renamed, started or deleted the machine in between, so
 * whatever deviates is a warning. Another machine of the name is the trace of a call that a proxy repeated. Nothing can
 * prevent that, so it is a warning, too.
 */
export const verifyLinkedClone = (
  connection: Connection,
  input: VerifyLinkedCloneInput,
): Promise<VerifiedClone> =>
  reading('after-effect', async (options) => {
    try {
      return await readClone(connection, input, connection.settings.quarantineMs, options);
    } catch (error) {
      if (!(error instanceof VsphereError) || error.kind !== 'not-found') throw error;
      return {
        runId: ownRunId(),
        name: input.name,
        warnings: [warning('CloneGone', `clone ${input.vmId} was made and is not there any more`)],
      };
    }
  });

/** The same once. Rejects with `not-found` where the inventory does not show the machine within that time. */
async function readClone(
  connection: Connection,
  input: VerifyLinkedCloneInput,
  withinMs: number,
  options: CallOptions,
): Promise<VerifiedClone> {
  if (input.vmId === input.sourceVmId) {
    return {
      runId: ownRunId(),
      name: input.name,
      warnings: [warning('CloneGone', `the task names the source ${input.vmId} as its result`)],
    };
  }
  const vm = await untilVisible(() => connection.vsphere.vcenter.getVm(input.vmId, options), withinMs);
  const verified = deviations(input, vm);
  return { ...verified, warnings: [...verified.warnings, ...(await duplicates(connection, input, options))] };
}

function deviations(
  { vmId, name }: VerifyLinkedCloneInput,
  vm: { readonly name: string; readonly powerState: PowerState },
): VerifiedClone {
  const warnings: Warning[] = [];
  if (!sameName(vm.name, name))
    warnings.push(warning('NameDiffers', `clone ${vmId} is named ${vm.name}, not ${name}`));
  if (vm.powerState !== 'POWERED_OFF')
    warnings.push(warning('PoweredOn', `clone ${vmId} is ${vm.powerState} already`));
  return { runId: ownRunId(), name: vm.name, powerState: vm.powerState, warnings };
}

const duplicates = async (
  connection: Connection,
  input: VerifyLinkedCloneInput,
  options: CallOptions,
): Promise<readonly Warning[]> =>
  (await vmsNamed(connection, input, options))
    .filter(({ vmId }) => vmId !== input.vmId)
    .map(({ vmId }) =>
      warning(
        'DuplicateSuspected',
        `besides clone ${input.vmId}, ${vmId} in the same folder is named ${input.name}: look whether it was wanted`,
      ),
    );

const warning = (type: Warning['type'], message: string): Warning => ({ type, message });

/**
 * Reads what the revert left: the undo snapshot that the service took first, and the power state. A task that SUCCEEDED has
 * succeeded (E13): a machine that was deleted since is a warning.
 */
export const verifyRevert = (connection: Connection, input: VerifyRevertInput): Promise<VerifiedRevert> =>
  reading('after-effect', async (options) => {
    try {
      return await readReverted(connection, input, options);
    } catch (error) {
      if (!(error instanceof VsphereError) || error.kind !== 'not-found') throw error;
      return gone(input);
    }
  });

const gone = ({ vmName, vmId }: VerifyRevertInput): VerifiedRevert => ({
  runId: ownRunId(),
  isGone: true,
  powerState: 'POWERED_OFF',
  warnings: [{ type: 'VmGone', message: `${vmName} (${vmId}) was reverted and is not there any more` }],
});

/** The same once. Rejects with `not-found` where the machine is not there. */
async function readReverted(
  connection: Connection,
  input: VerifyRevertInput,
  options: CallOptions,
): Promise<VerifiedRevert> {
  const powerState = await connection.vsphere.vcenter.getPower(input.vmId, options);
  const { ids, unread } = await systemSnapshotsOf(connection, input, options);
  const taken = ids.filter((snapshotId) => !input.systemSnapshotsBefore.includes(snapshotId));
  const [undoSnapshotId] = taken.length === 1 && unread === undefined ? taken : [];
  const warnings: Warning[] = [];
  if (undoSnapshotId === undefined) {
    const message = `${taken.length} new SYSTEM_CREATED snapshots of ${input.vmName} (${input.vmId}): which one undoes this revert cannot be told`;
    warnings.push({ type: 'UndoSnapshotUnknown', message });
  }
  if (powerState !== 'POWERED_OFF') {
    warnings.push({
      type: 'PoweredOn',
      message: `${input.vmName} (${input.vmId}) is ${powerState} already`,
    });
  }
  return {
    runId: ownRunId(),
    powerState,
    ...omitUndefined({ undoSnapshotId }),
    warnings,
  };
}
