import { omitUndefined } from '../contract/omit-undefined';
import type { AllowList } from '../contract/activities';
import type { Warning } from '../contract/operations';
import { nameKey } from '../contract/spelling';
import { RequestInvalid } from '../request/parse';
import { VsphereError, type CallOptions, type Entity } from '../vsphere';
import type { Connection } from './connection';
import { failWith } from './errors';

/** What a request would touch, resolved. */
export interface Touched {
  readonly cluster: { readonly clusterId: string; readonly name: string };
  /** Absent where it is not touched. */
  readonly source?: { readonly name: string };
  /** Absent for a revert. */
  readonly clone?: { readonly name: string; readonly folderId: string };
}

/** Refuses, before anything is changed, what the connection's allow-list does not cover. Names every field at once. */
export async function assertAllowed(
  connection: Connection,
  touched: Touched,
  options: CallOptions,
): Promise<void> {
  refuseOutside(connection, await outsideOfAllowed(connection, touched, options));
}

function refuseOutside(connection: Connection, outside: readonly string[]): void {
  if (outside.length > 0) failWith('NotAllowed', notAllowed(connection, outside), { outside });
}

export const notAllowed = ({ name }: Connection, outside: readonly string[]): string =>
  `connection "${name}" does not allow ${outside.join(', nor ')}: choose within its allow-list, or have it extended on the worker.`;

async function outsideOfAllowed(
  connection: Connection,
  { cluster, source, clone }: Touched,
  options: CallOptions,
): Promise<readonly string[]> {
  const { allow } = connection;
  return [
    ...outsideOf('cluster', [cluster.name, cluster.clusterId], allow.clusters),
    ...(source === undefined ? [] : outsideOf('vm', [source.name], allow.sources)),
    ...(clone === undefined ? [] : outsideOf('name', [clone.name], allow.clones)),
    ...(clone === undefined ? [] : await folderOutside(connection, clone.folderId, options)),
  ];
}

/** What a step is about to touch, by id. Without `vmId` the source is not touched; without a folder no clone is. */
export interface AboutToTouch {
  readonly clusterId: string;
  readonly vmId?: string;
  readonly name?: string;
  readonly folderId?: string;
}

/**
 * What the allow-list of now does not cover: for the very step that posts, undoes, powers on or deletes, because a run may
 * wait for days and its list may change. Names are read now, by id, and only where a list matters. A source that is
 * gone is not touched.
 */
export async function outsideNow(
  connection: Connection,
  { clusterId, vmId, name, folderId }: AboutToTouch,
  options: CallOptions,
): Promise<readonly string[]> {
  const { allow, vsphere } = connection;
  const [cluster] =
    allow.clusters === undefined
      ? []
      : await vsphere.vcenter.listClusters({ clusters: [clusterId] }, options);
  const source =
    allow.sources === undefined || vmId === undefined
      ? undefined
      : await sourceNow(connection, vmId, options);
  return outsideOfAllowed(
    connection,
    {
      cluster: cluster ?? { clusterId, name: clusterId },
      ...omitUndefined({
        source,
        clone: name === undefined || folderId === undefined ? undefined : { name, folderId },
      }),
    },
    options,
  );
}

/** A machine without a readable name, or in no list that the account may read, is held to the allow-list by its id. */
async function sourceNow(
  connection: Connection,
  vmId: string,
  options: CallOptions,
): Promise<{ readonly name: string } | undefined> {
  const [listed] = await connection.vsphere.vcenter.listVms({ vms: [vmId] }, options);
  if (listed !== undefined) return { name: listed.name ?? vmId };
  return (await isThere(connection, vmId, options)) ? { name: vmId } : undefined;
}

/** A list leaves out what the account may not see, for example in a folder that it was moved to: only a 404 says "gone". */
export async function isThere({ vsphere }: Connection, vmId: string, options: CallOptions): Promise<boolean> {
  try {
    await vsphere.vcenter.getVm(vmId, options);
    return true;
  } catch (error) {
    if (error instanceof VsphereError && error.kind === 'not-found') return false;
    throw error;
  }
}

function outsideOf(
  field: string,
  called: readonly string[],
  allowed: readonly string[] | undefined,
): readonly string[] {
  if (allowed === undefined || called.some((name) => allowed.some((pattern) => matches(pattern, name))))
    return [];
  return [`${field} "${called[0]}"`];
}

/** Its name is read only where it matters. */
async function folderOutside(
  { vsphere, allow }: { readonly vsphere: Connection['vsphere']; readonly allow: AllowList },
  folderId: string,
  options: CallOptions,
): Promise<readonly string[]> {
  if (allow.folders === undefined) return [];
  const [folder] = await vsphere.vcenter.listFolders({ folders: [folderId] }, options);
  return outsideOf('folder', [...(folder === undefined ? [] : [folder.name]), folderId], allow.folders);
}

/** As vCenter compares names. Everything but the two wildcards is taken by letter. */
export function matches(pattern: string, name: string): boolean {
  const source = nameKey(pattern)
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'isu').test(nameKey(name));
}

/** A privilege that an operation needs on an object. `doubt`: its lack is a warning, the need is not certain. */
export interface NeededPrivilege {
  readonly privilege: string;
  readonly entity: Entity;
  /** How people call the object. */
  readonly called: string;
  readonly doubt?: string;
}

/** Asks for all of them in one call. Fails naming *every* missing pair at once. Returns the doubtful ones as warnings. */
export async function checkPrivileges(
  { vsphere, name }: Connection,
  needed: readonly NeededPrivilege[],
  options: CallOptions,
): Promise<readonly Warning[]> {
  const missing = await missingOf(vsphere.privileges, needed, options);
  const certain = missing.filter(({ doubt }) => doubt === undefined);
  if (certain.length > 0) {
    const pairs = certain.map(({ privilege, called, entity }) => `${privilege} on ${called} (${entity.id})`);
    failWith(
      'PrivilegeMissing',
      `the worker's account of connection "${name}" lacks ${pairs.join(', ')}: grant ${pairs.length === 1 ? 'it' : 'them'}, nothing was changed.`,
      {
        missing: certain.map(({ privilege, entity }) => ({
          privilege,
          object: entity.id,
          type: entity.type,
        })),
      },
    );
  }
  return missing.map(({ privilege, called, entity, doubt }) => ({
    type: 'PrivilegeUnconfirmed',
    message: `the worker's account lacks ${privilege} on ${called} (${entity.id}): ${doubt}`,
  }));
}

async function missingOf(
  privileges: Connection['vsphere']['privileges'],
  needed: readonly NeededPrivilege[],
  options: CallOptions,
): Promise<readonly NeededPrivilege[]> {
  const entities = [...new Map(needed.map(({ entity }) => [`${entity.type}:${entity.id}`, entity])).values()];
  const answers = await privileges.check(
    entities,
    [...new Set(needed.map(({ privilege }) => privilege))],
    options,
  );
  const granted = new Map(answers.map(({ entity, granted: of }) => [`${entity.type}:${entity.id}`, of]));
  return needed.filter(
    ({ entity, privilege }) => granted.get(`${entity.type}:${entity.id}`)?.[privilege] !== true,
  );
}

/** Parses what a caller sent. Callers in other languages bypass our client, so everything is parsed here again. */
export function parsedOrRefused<T>(parse: (value: unknown) => T, value: unknown): T {
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof RequestInvalid)
      failWith('RequestInvalid', error.message, { problems: error.problems });
    throw error;
  }
}
