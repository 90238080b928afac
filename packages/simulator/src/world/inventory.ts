import type { ParsedInventory } from './inventory-schema';

type Item<Key extends keyof ParsedInventory> = ParsedInventory[Key][number];
type Timed<Shape, Key extends keyof Shape> = {
  [Name in keyof Shape]: Name extends Key
    ? undefined extends Shape[Name]
      ? number | undefined
      : number
    : Shape[Name];
};

export type Datacenter = Item<'datacenters'>;
export type Folder = Item<'folders'>;
export type Cluster = Item<'clusters'>;
export type Host = Item<'hosts'>;
export type ResourcePool = Item<'resourcePools'>;
export type ProtectionGroup = Item<'protectionGroups'>;

/** A VM; one that was deleted stays known to the appliance for as long as it has snapshots. */
export interface Vm extends Item<'vms'> {
  /** Lists and look-ups of vCenter do not show the VM before this moment. */
  visibleAtMs: number;
  deletedAtMs?: number;
}
/** Times are milliseconds of the appliance's own clock. */
export type Snapshot = Timed<Item<'snapshots'>, 'createdAt' | 'expiresAt'>;
export type GroupSnapshot = Timed<Item<'groupSnapshots'>, 'startedAt' | 'endedAt' | 'expiresAt'>;

/** Every object by its id. */
export interface Inventory {
  readonly datacenters: Map<string, Datacenter>;
  readonly folders: Map<string, Folder>;
  readonly clusters: Map<string, Cluster>;
  readonly hosts: Map<string, Host>;
  readonly resourcePools: Map<string, ResourcePool>;
  readonly vms: Map<string, Vm>;
  readonly protectionGroups: Map<string, ProtectionGroup>;
  readonly groupSnapshots: Map<string, GroupSnapshot>;
  readonly snapshots: Map<string, Snapshot>;
}

function byId<Shape extends { id: string }>(items: readonly Shape[]): Map<string, Shape> {
  return new Map(items.map((item) => [item.id, item]));
}

function momentMs(moment: string | number, startMs: number): number {
  return typeof moment === 'number' ? startMs + moment : Date.parse(moment);
}

/** As vCenter keeps them, in whichever form a file has them. */
function byIdNamed<Shape extends { id: string; name: string }>(items: readonly Shape[]): Map<string, Shape> {
  return byId(items.map((item) => ({ ...item, name: keptName(item.name) })));
}

/** Builds the live inventory; relative moments count from `startMs`. */
export function createInventory(file: ParsedInventory, startMs: number): Inventory {
  const at = (moment: string | number) => momentMs(moment, startMs);
  const maybeAt = (moment: string | number | undefined) => (moment === undefined ? undefined : at(moment));
  return {
    datacenters: byIdNamed(file.datacenters),
    folders: byIdNamed(file.folders),
    clusters: byIdNamed(file.clusters),
    hosts: byIdNamed(file.hosts),
    resourcePools: byIdNamed(file.resourcePools),
    vms: byIdNamed(file.vms.map((vm) => ({ ...vm, visibleAtMs: startMs }))),
    protectionGroups: byId(file.protectionGroups),
    groupSnapshots: byId(
      file.groupSnapshots.map((item) => ({
        ...item,
        startedAt: at(item.startedAt),
        endedAt: at(item.endedAt),
        expiresAt: maybeAt(item.expiresAt),
      })),
    ),
    snapshots: byId(
      file.snapshots.map((item) => ({
        ...item,
        createdAt: at(item.createdAt),
        expiresAt: maybeAt(item.expiresAt),
      })),
    ),
  };
}

const ESCAPES: Readonly<Record<string, string>> = { '/': '%2f', '\\': '%5c', '%': '%25' };
const PLAIN: Readonly<Record<string, string>> = { '%2f': '/', '%5c': '\\', '%25': '%' };

/** A name without the escapes that vCenter has for `/`, `\` and `%`, and without blanks at its ends. */
export function plainName(name: string): string {
  return name.replaceAll(/%(?:2f|5c|25)/gi, (escape) => PLAIN[escape.toLowerCase()] ?? escape).trim();
}

/** A name as vCenter keeps and shows it, whichever form it was given in. Case stays as it was given. */
export function keptName(name: string): string {
  return plainName(name).replaceAll(/[/\\%]/g, (character) => ESCAPES[character] ?? character);
}

/** vCenter takes two spellings that differ by case, or by their escapes, for one name. */
export function nameKey(name: string): string {
  return plainName(name).toLowerCase();
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}

function withExpiry(expiresAt: number | undefined): { expiresAt?: string } {
  return expiresAt === undefined ? {} : { expiresAt: iso(expiresAt) };
}

/** JSON leaves out what is undefined. */
function withoutLifetime(vm: Vm) {
  return { ...vm, visibleAtMs: undefined, deletedAtMs: undefined };
}

/** The inventory in the shape of an inventory file: what `GET /state` shows can be given to `--inventory`. */
export function describeInventory(inventory: Inventory) {
  const all = <Shape>(items: Map<string, Shape>) => [...items.values()];
  return {
    datacenters: all(inventory.datacenters),
    folders: all(inventory.folders),
    clusters: all(inventory.clusters),
    hosts: all(inventory.hosts),
    resourcePools: all(inventory.resourcePools),
    vms: all(inventory.vms)
      .filter((vm) => vm.deletedAtMs === undefined)
      .map(withoutLifetime),
    protectionGroups: all(inventory.protectionGroups),
    groupSnapshots: all(inventory.groupSnapshots).map(({ expiresAt, ...item }) => ({
      ...item,
      startedAt: iso(item.startedAt),
      endedAt: iso(item.endedAt),
      ...withExpiry(expiresAt),
    })),
    snapshots: all(inventory.snapshots).map(({ expiresAt, ...item }) => ({
      ...item,
      createdAt: iso(item.createdAt),
      ...withExpiry(expiresAt),
    })),
  };
}
