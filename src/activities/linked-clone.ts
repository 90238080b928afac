import type {
  PreparedLinkedClone,
  PrepareLinkedCloneInput,
  StartLinkedCloneInput,
} from '../contract/activities';
import type { ObservedVm, StartOutcome } from '../contract/evidence';
import { nonceOfName, nonceOfUuid, ownName } from '../contract/own-names';
import { omitUndefined } from '../contract/omit-undefined';
import { DEFAULT_CONNECTION, type LinkedCloneInput } from '../contract/operations';
import { parseLinkedCloneInput } from '../request/schemas';
import type { CallOptions } from '../vsphere';
import { parsedOrRefused } from './checks';
import { connectionOf, type Connection, type Connections } from './connection';
import { checking, ownRunId, callerId } from './context';
import { recordedName } from './earlier-runs';
import { failWith } from './errors';
import { isOpen, lookForClone, vmsNamed, vmsNamedInAnyCase } from './look';
import { planLinkedClone, readAlike, type PlannedClone } from './plan-clone';
import { holdersBefore } from './recent-holders';
import { siteBegun } from './same-site';
import { refused, startOnce } from './start-once';

/** See `Activities.prepareLinkedClone`. Callers in other languages bypass our client, so everything is parsed here again. */
export async function prepareLinkedClone(
  connections: Connections,
  { input: unparsed, exclusion, originalRunId, siteId: before }: PrepareLinkedCloneInput,
): Promise<PreparedLinkedClone | undefined> {
  const input = parsedOrRefused(parseLinkedCloneInput, unparsed);
  const { request } = input;
  const connection = connectionOf(connections, request.connection ?? DEFAULT_CONNECTION);
  const siteId = await siteBegun(connection, {
    siteId: before,
    mayHavePosted: mayHavePosted(input, originalRunId),
  });
  return checking(connection, async (options) => {
    const { ofOthers, ...toWaitFor } = await holdersBefore(exclusion, connection.settings, (taskId) =>
      isOpen(connection, taskId, options),
    );
    const name = await nameToMake(input, originalRunId);
    const read = readAlike(connection, siteId, request);
    const plan = await planLinkedClone(connection, { ...request, name }, options, read);
    const baseline = await lookForClone(connection, plan, 'first', options);
    // In a run that may have posted the machine of that name may be its own: a failure would be a false one (E11).
    if (!mayHavePosted(input, originalRunId)) refuseTakenName(plan, baseline.vms);
    const { user } = await read('account', options, (own) => connection.vsphere.appliance.whoAmI(own));
    return {
      ...plan,
      user,
      baseline: { ...baseline, ...omitUndefined({ ofOthers }) },
      settings: connection.settings,
      ...toWaitFor,
      ...omitUndefined({ siteId }),
    };
  });
}

/** What an earlier run of the request has recorded counts, whatever a caller says: its effect has that name (E11). */
async function nameToMake(
  { request: { name, uniqueName }, nonce, again }: LinkedCloneInput,
  originalRunId: string,
): Promise<string> {
  if (uniqueName !== true) return name;
  const recorded = again === undefined ? undefined : nonceOfName(await recordedName(), name);
  return ownName(name, recorded ?? nonce ?? nonceOfUuid(originalRunId));
}

/** Another run than the first one of its request. */
export const mayHavePosted = (
  { again }: Pick<LinkedCloneInput, 'again'>,
  originalRunId: string | undefined,
): boolean => again !== undefined || (originalRunId !== undefined && ownRunId() !== originalRunId);

export function refuseTakenName(
  { name, folderId }: Pick<PlannedClone, 'name' | 'folderId'>,
  [taken]: readonly ObservedVm[],
): void {
  if (taken === undefined) return;
  failWith(
    'NameTaken',
    `name "${name}" is taken by ${taken.vmId} in folder ${folderId}: choose another name.`,
    {
      field: 'name',
      value: name,
      vmId: taken.vmId,
    },
  );
}

/** Only a clone whose name no other request has needs no lock. */
const isOwnName = ({ exclusion }: StartLinkedCloneInput): boolean => exclusion === undefined;

/** See `Activities.startLinkedClone`. Foreign tasks forbid nothing: siblings of one source are normal (E4). */
export function startLinkedClone(
  connection: Connection,
  input: StartLinkedCloneInput,
): Promise<StartOutcome> {
  const { clusterId, vmId, snapshotId, name, folderId, placement } = input;
  const spec = { snapshot: snapshotId, name, ...(Object.keys(placement).length === 0 ? {} : { placement }) };
  const nameTaken = async (options: CallOptions, named = vmsNamed) => {
    const [taken] = await named(connection, input, options);
    if (taken === undefined) return undefined;
    return refused(
      true,
      'NameTaken',
      `name "${name}" is taken by ${taken.vmId} in folder ${folderId}: choose another name.`,
    );
  };
  return startOnce(connection, input, {
    operation: 'clone',
    lookBefore: async (options) => {
      // With the very session of the post: one that has ended is found by a read, which may be repeated.
      await connection.vsphere.appliance.whoAmI(options);
      return nameTaken(options);
    },
    explain: async ({ kind, message }) => {
      if (kind !== 'already-exists') return undefined;
      // The check has just found it free, and no other request has it: this very call was delivered twice.
      if (isOwnName(input)) return { kind: 'unknown', reason: message };
      // Taken since that check, perhaps by this very call. A failed read leaves the server's own words.
      return nameTaken({ requestId: callerId() }, vmsNamedInAnyCase).catch(() => undefined);
    },
    post: (options) => connection.vsphere.appliance.startLinkedClone(clusterId, vmId, spec, options),
  });
}
