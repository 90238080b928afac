import type { AllowList } from '../contract/allow-list';
import type { CallOptions } from '../vsphere';
import type { Site } from './site';
import { failWith } from './to-failure';

/** What a request would touch, resolved. */
export interface Touched {
  readonly cluster: { readonly clusterId: string; readonly name: string };
  readonly source: { readonly id: string; readonly name: string };
  /** Absent for a revert. */
  readonly clone?: { readonly name: string; readonly folderId: string };
}

/** Refuses, before anything is changed, what the connection's allow-list does not cover; names every field at once. */
export async function assertAllowed(site: Site, touched: Touched, options: CallOptions): Promise<void> {
  const { cluster, source, clone } = touched;
  const { allow } = site;
  const outside = [
    ...outsideOf('cluster', [cluster.name, cluster.clusterId], allow.clusters),
    ...outsideOf('vm', [source.name], allow.sources),
    ...(clone === undefined ? [] : outsideOf('name', [clone.name], allow.clones)),
    ...(clone === undefined ? [] : await folderOutside(site, clone.folderId, options)),
  ];
  if (outside.length === 0) return;
  failWith(
    'NotAllowed',
    `connection "${site.name}" does not allow ${outside.join(', nor ')}: choose within its allow-list, or have it extended on the worker.`,
    { outside },
  );
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
  { vsphere, allow }: { readonly vsphere: Site['vsphere']; readonly allow: AllowList },
  folderId: string,
  options: CallOptions,
): Promise<readonly string[]> {
  if (allow.folders === undefined) return [];
  const [folder] = await vsphere.vcenter.listFolders({ folders: [folderId] }, options);
  return outsideOf('folder', [...(folder === undefined ? [] : [folder.name]), folderId], allow.folders);
}

/** vCenter folds case in names. Everything but the two wildcards is taken by letter. */
export function matches(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'isu').test(name);
}
