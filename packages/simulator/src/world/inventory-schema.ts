import { z } from 'zod';

const id = z.string().min(1).max(200);
/** As vCenter keeps it: each of 80 characters may be escaped. */
const name = z.string().min(1).max(240);
/** An ISO date-time, or milliseconds relative to the start (so that a kept file does not age). */
const moment = z.union([z.iso.datetime({ offset: true }), z.number().int()]);

const folder = z.strictObject({
  id,
  name,
  type: z.enum(['DATACENTER', 'DATASTORE', 'HOST', 'NETWORK', 'VIRTUAL_MACHINE']),
  parent: id.optional(),
  datacenter: id.optional(),
});

const vm = z.strictObject({
  id,
  name,
  folder: id,
  resourcePool: id,
  cluster: id,
  host: id,
  powerState: z.enum(['POWERED_ON', 'POWERED_OFF', 'SUSPENDED']),
  cleanPowerOff: z.boolean().default(true),
  contentGeneration: z.number().int().default(1),
  biosUuid: z.string().optional(),
  cpuCount: z.number().int().min(1).default(2),
  memoryMiB: z.number().int().min(4).default(4096),
});

const snapshot = z.strictObject({
  id,
  vm: id,
  cluster: id,
  name,
  type: z.enum(['SCHEDULED', 'ONE_TIME', 'SYSTEM_CREATED', 'STAGED']),
  createdAt: moment,
  expiresAt: moment.optional(),
  protectionGroup: id.optional(),
  groupSnapshot: id.optional(),
  contentGeneration: z.number().int().default(1),
});

const groupSnapshot = z.strictObject({
  id,
  protectionGroup: id,
  name,
  type: z.enum(['SCHEDULED', 'ONE_TIME', 'SYSTEM_CREATED']),
  startedAt: moment,
  endedAt: moment,
  expiresAt: moment.optional(),
});

/** The file of `--inventory`, which is also the `inventory` part of `GET /state`. */
export const inventorySchema = z.strictObject({
  datacenters: z.array(z.strictObject({ id, name, vmFolder: id })).min(1),
  folders: z.array(folder),
  clusters: z.array(
    z.strictObject({ id, name, datacenter: id, drsEnabled: z.boolean(), haEnabled: z.boolean() }),
  ),
  hosts: z.array(
    z.strictObject({
      id,
      name,
      cluster: id,
      connectionState: z.enum(['CONNECTED', 'DISCONNECTED', 'NOT_RESPONDING']).default('CONNECTED'),
      powerState: z.enum(['POWERED_ON', 'POWERED_OFF', 'STANDBY']).default('POWERED_ON'),
    }),
  ),
  resourcePools: z.array(z.strictObject({ id, name, cluster: id, parent: id.optional() })),
  vms: z.array(vm),
  protectionGroups: z
    .array(
      z.strictObject({
        id,
        name,
        cluster: id,
        status: z.string().default('ACTIVE'),
        vms: z.array(id),
        vmNamePatterns: z.array(z.string()).default([]),
        locked: z.boolean().default(false),
      }),
    )
    .default([]),
  groupSnapshots: z.array(groupSnapshot).default([]),
  snapshots: z.array(snapshot).default([]),
});

/** The file as a person writes it: what has a default may be left out. */
export type InventoryFile = z.input<typeof inventorySchema>;
export type ParsedInventory = z.output<typeof inventorySchema>;

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
