import type { Check } from '../contract/inspect';
import { nameForms } from '../contract/spelling';
import { VsphereError, type CallOptions } from '../vsphere';
import { matches } from './checks';
import type { Connection } from './connection';
import { clonePrivileges } from './plan-clone';
import { revertPrivileges } from './revert';

/**
 * Entries of the allow-list that fit nothing, which a misspelt name does: every request would be refused. Sources with a
 * wildcard are not checked, since a list of all machines may be too long to be given. Clones do not exist yet.
 */
export async function checkAllowList(
  connection: Connection,
  options: CallOptions,
): Promise<readonly Check[]> {
  const unmatched = await Promise.all([
    idle('clusters', connection, () => clusterNames(connection, options)),
    idle('folders', connection, () => folderNames(connection, options)),
    idle('sources', connection, () => sourceNames(connection, options)),
  ]);
  const entries = unmatched.flat();
  if (entries.length === 0) return [];
  return [
    {
      check: 'allow-list',
      subject: connection.name,
      state: 'warning',
      message: `${entries.join(', ')} ${entries.length === 1 ? 'fits' : 'fit'} nothing that the account sees`,
      remedy: "correct the spelling in the connection's allow, or grant the account System.View there",
    },
  ];
}

type List = 'clusters' | 'folders' | 'sources';

/** A list that cannot be read says nothing about the entries: the login's own check tells why. */
async function idle(
  list: List,
  { allow }: Connection,
  read: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const entries = list === 'sources' ? exact(allow.sources) : (allow[list] ?? []);
  if (entries.length === 0) return [];
  try {
    const names = await read();
    return entries
      .filter((entry) => !names.some((name) => matches(entry, name)))
      .map((entry) => `${list} "${entry}"`);
  } catch (error) {
    if (error instanceof VsphereError) return [];
    throw error;
  }
}

const exact = (entries: readonly string[] = []): readonly string[] =>
  entries.filter((entry) => !/[*?]/.test(entry));

const clusterNames = async ({ vsphere: { vcenter } }: Connection, options: CallOptions) =>
  (await vcenter.listClusters({}, options)).flatMap(({ clusterId, name }) => [clusterId, name]);

const folderNames = async ({ vsphere: { vcenter } }: Connection, options: CallOptions) =>
  (await vcenter.listFolders({ type: 'VIRTUAL_MACHINE' }, options)).flatMap(({ folderId, name }) => [
    folderId,
    name,
  ]);

const sourceNames = async ({ vsphere: { vcenter }, allow }: Connection, options: CallOptions) =>
  (await vcenter.listVms({ names: exact(allow.sources).flatMap(nameForms) }, options)).flatMap(
    ({ name }) => name ?? [],
  );

const ANY = { clusterId: '', vmId: '', folderId: '', poolId: '' };
/** Of every operation with every option, from the tables that `prepare` checks by. */
const NEEDED = [
  ...new Set(
    [...clonePrivileges({ powerOn: true }, ANY), ...revertPrivileges({ restorePower: true }, ANY)].map(
      ({ privilege }) => privilege,
    ),
  ),
].toSorted();

/**
 * The account's privileges on the root folder. One that lacks there may be granted below: each operation checks the
 * objects that it touches, so this is a warning at most.
 */
export async function rootPrivileges({ name, vsphere }: Connection, options: CallOptions): Promise<Check> {
  const root = await vsphere.privileges.rootFolder(options);
  const [answer] = await vsphere.privileges.check([root], NEEDED, options);
  const missing = NEEDED.filter((privilege) => answer?.granted[privilege] !== true);
  const about = { check: 'privileges', subject: name } as const;
  if (missing.length === 0)
    return {
      ...about,
      state: 'ok',
      message: 'the account has every privilege of clones and reverts at the root',
    };
  return {
    ...about,
    state: 'warning',
    message: `the account lacks ${missing.join(', ')} on the root folder (${root.id}); each operation checks its own objects`,
    remedy:
      'grant them on the folders, clusters and machines that are used, and see with snapflow clone --plan that they are there',
  };
}
