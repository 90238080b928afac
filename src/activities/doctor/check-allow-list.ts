import type { Check } from '../../contract/check';
import { VsphereError, type CallOptions } from '../../vsphere';
import { matches } from '../assert-allowed';
import type { Site } from '../site';

/**
 * Entries of the allow-list that fit nothing, which a misspelt name does: every request would be refused. Sources with a
 * wildcard are not looked for, since a list of all machines may be too long to be given; clones do not exist yet.
 */
export async function checkAllowList(site: Site, options: CallOptions): Promise<readonly Check[]> {
  const unmatched = await Promise.all([
    idle('clusters', site, () => clusterNames(site, options)),
    idle('folders', site, () => folderNames(site, options)),
    idle('sources', site, () => sourceNames(site, options)),
  ]);
  const entries = unmatched.flat();
  if (entries.length === 0) return [];
  return [
    {
      check: 'allow-list',
      subject: site.name,
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
  { allow }: Site,
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

const clusterNames = async ({ vsphere: { vcenter } }: Site, options: CallOptions) =>
  (await vcenter.listClusters({}, options)).flatMap(({ clusterId, name }) => [clusterId, name]);

const folderNames = async ({ vsphere: { vcenter } }: Site, options: CallOptions) =>
  (await vcenter.listFolders({ type: 'VIRTUAL_MACHINE' }, options)).flatMap(({ folderId, name }) => [
    folderId,
    name,
  ]);

const sourceNames = async ({ vsphere: { vcenter }, allow }: Site, options: CallOptions) =>
  (await vcenter.listVms({ names: exact(allow.sources) }, options)).map(({ name }) => name);
