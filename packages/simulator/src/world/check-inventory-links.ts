import type { ParsedInventory } from './inventory-schema';

type Collection = keyof ParsedInventory;

/** Which field of which collection must name an object of which other collection. */
const LINKS: readonly (readonly [Collection, string, Collection])[] = [
  ['datacenters', 'vmFolder', 'folders'],
  ['folders', 'parent', 'folders'],
  ['folders', 'datacenter', 'datacenters'],
  ['clusters', 'datacenter', 'datacenters'],
  ['hosts', 'cluster', 'clusters'],
  ['resourcePools', 'cluster', 'clusters'],
  ['resourcePools', 'parent', 'resourcePools'],
  ['vms', 'folder', 'folders'],
  ['vms', 'resourcePool', 'resourcePools'],
  ['vms', 'cluster', 'clusters'],
  ['vms', 'host', 'hosts'],
  ['protectionGroups', 'cluster', 'clusters'],
  ['groupSnapshots', 'protectionGroup', 'protectionGroups'],
  ['snapshots', 'cluster', 'clusters'],
  ['snapshots', 'protectionGroup', 'protectionGroups'],
  ['snapshots', 'groupSnapshot', 'groupSnapshots'],
];

function field(item: object, name: string): unknown {
  return (item as Record<string, unknown>)[name];
}

function duplicateIn(file: ParsedInventory, collection: Collection): string | undefined {
  const seen = new Set<string>();
  for (const { id } of file[collection]) {
    if (seen.has(id)) return `${collection} holds the id ${id} twice`;
    seen.add(id);
  }
  return undefined;
}

function brokenLink(file: ParsedInventory, [from, name, to]: (typeof LINKS)[number]): string | undefined {
  const known = new Set<unknown>(file[to].map((item) => item.id));
  const broken = file[from].find((item) => field(item, name) !== undefined && !known.has(field(item, name)));
  return broken && `${from} ${broken.id} names ${name} ${String(field(broken, name))}, which is not in ${to}`;
}

/** The first duplicate id or reference to nothing, or undefined when the inventory holds together. */
export function checkInventoryLinks(file: ParsedInventory): string | undefined {
  for (const collection of Object.keys(file) as Collection[]) {
    const duplicate = duplicateIn(file, collection);
    if (duplicate) return duplicate;
  }
  for (const link of LINKS) {
    const broken = brokenLink(file, link);
    if (broken) return broken;
  }
  return undefined;
}
