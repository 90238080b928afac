import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Site } from '../http/serve-call';
import { createVmFromSnapshot, deleteVm, placeVm, setPower } from '../world/machines';
import { type Vm, keptName, nameKey } from '../world/inventory';
import type { World } from '../world/world';
import { ControlError, readControlBody } from './control-body';

/** An object by id or name; the first one when nothing is asked for. */
function findNamed<Item extends { id: string; name: string }>(
  items: ReadonlyMap<string, Item>,
  wanted: string | undefined,
  what: string,
): Item {
  const all = [...items.values()];
  const item =
    wanted === undefined
      ? all[0]
      : (items.get(wanted) ?? all.find(({ name }) => nameKey(name) === nameKey(wanted)));
  if (!item) throw new ControlError(404, `There is no ${what} ${wanted ?? 'at all'}.`);
  return item;
}

const powerState = z.enum(['POWERED_ON', 'POWERED_OFF', 'SUSPENDED']);
const newVmSchema = z.strictObject({
  name: z.string().min(1).max(80),
  folder: z.string().optional(),
  cluster: z.string().optional(),
  power: powerState.default('POWERED_OFF'),
});
const vmPatch = z.strictObject({
  content: z.number().int().optional(),
  power: powerState.optional(),
  cluster: z.string().optional(),
  name: z.string().min(1).max(80).optional(),
  folder: z.string().optional(),
});
const hostPatch = z.strictObject({
  connectionState: z.enum(['CONNECTED', 'DISCONNECTED', 'NOT_RESPONDING']),
});
const snapshotPatch = z.strictObject({ expiresAt: z.iso.datetime({ offset: true }).nullable() });

function findVm({ inventory }: World, id: string): Vm {
  const vm = inventory.vms.get(id);
  if (vm && vm.deletedAtMs === undefined) return vm;
  throw new ControlError(404, `There is no VM ${id}.`);
}

function firstHost(world: World, cluster: string): string {
  const host = [...world.inventory.hosts.values()].find((candidate) => candidate.cluster === cluster);
  if (!host) throw new ControlError(409, `The cluster ${cluster} has no host.`);
  return host.id;
}

/** A VM that somebody else made, visible at once and with no entry in the ledger. */
function create(world: World, wanted: z.output<typeof newVmSchema>): Vm {
  const cluster = findNamed(world.inventory.clusters, wanted.cluster, 'cluster');
  const folder = wanted.folder && findNamed(world.inventory.folders, wanted.folder, 'folder').id;
  const placed = placeVm(world, cluster, {
    host: firstHost(world, cluster.id),
    ...(folder ? { folder } : {}),
  });
  const size = { cpuCount: 2, memoryMiB: 4096 };
  const vm = createVmFromSnapshot(
    world,
    size,
    { contentGeneration: 1 },
    {
      ...placed,
      name: keptName(wanted.name),
    },
  );
  vm.visibleAtMs = world.clock.now();
  vm.powerState = wanted.power;
  return vm;
}

/** Moves the VM to the cluster's root pool and first host; its snapshots stay where they were taken. */
function move(world: World, vm: Vm, wanted: string): void {
  const cluster = findNamed(world.inventory.clusters, wanted, 'cluster');
  const host = firstHost(world, cluster.id);
  const { resourcePool } = placeVm(world, cluster, { host, folder: vm.folder });
  Object.assign(vm, { cluster: cluster.id, resourcePool, host });
}

function change(world: World, vm: Vm, patch: z.output<typeof vmPatch>): void {
  if (patch.content !== undefined) vm.contentGeneration += patch.content;
  if (patch.power !== undefined) setPower(vm, patch.power);
  if (patch.name !== undefined) vm.name = keptName(patch.name);
  if (patch.folder !== undefined) vm.folder = findNamed(world.inventory.folders, patch.folder, 'folder').id;
  if (patch.cluster !== undefined) move(world, vm, patch.cluster);
}

type ById = { Params: { id: string } };

/** Changes of VMs, hosts and snapshots behind the caller's back; none of them is written into the ledger. */
export function controlVms(app: FastifyInstance, { world }: Site): void {
  app.post('/vms', async (request, reply) => {
    const { id } = create(world, readControlBody(newVmSchema, request.body));
    return reply.code(201).send({ vm: id });
  });
  app.delete<ById>('/vms/:id', async (request, reply) => {
    deleteVm(world, findVm(world, request.params.id));
    return reply.code(204).send();
  });
  app.post<ById>('/vms/:id', async (request) => {
    const vm = findVm(world, request.params.id);
    change(world, vm, readControlBody(vmPatch, request.body));
    const { id, name, cluster, powerState: power, contentGeneration } = vm;
    return { vm: id, name, cluster, power, contentGeneration };
  });
  app.post<ById>('/hosts/:id', async (request) => {
    const host = world.inventory.hosts.get(request.params.id);
    if (!host) throw new ControlError(404, `There is no host ${request.params.id}.`);
    Object.assign(host, readControlBody(hostPatch, request.body));
    return { host: host.id, connectionState: host.connectionState };
  });
  app.post<ById>('/snapshots/:id', async (request) => {
    const snapshot = world.inventory.snapshots.get(request.params.id);
    if (!snapshot) throw new ControlError(404, `There is no snapshot ${request.params.id}.`);
    const { expiresAt } = readControlBody(snapshotPatch, request.body);
    snapshot.expiresAt = expiresAt === null ? undefined : Date.parse(expiresAt);
    return { snapshot: snapshot.id, expiresAt };
  });
}
