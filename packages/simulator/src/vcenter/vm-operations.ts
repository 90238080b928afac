import type { Call, Operation, Reply } from '../http/operation';
import { matches, queryValues, requireKnownParameters, requireMembers } from '../http/query-filter';
import { VapiError } from '../http/vapi-error';
import { deleteVm } from '../world/delete-vm';
import type { Vm } from '../world/inventory';
import { findVisibleVm, visibleVms } from '../world/look-up';
import type { World } from '../world/world';
import { authorizeVcenter } from './authorize-vcenter';
import { boundedList } from './bounded-list';
import { describeVm, summarizeVm } from './describe-vm';

const VMS = '/api/vcenter/vm';
/** vCenter's documented limit of one list of VMs. */
const MAX_VMS = 4000;
const POWER_STATES = ['POWERED_OFF', 'POWERED_ON', 'SUSPENDED'];

/** Every documented filter, and the values of a VM that it looks at. */
const FILTERS: Record<string, (vm: Vm, world: World) => string | undefined> = {
  vms: (vm) => vm.id,
  names: (vm) => vm.name,
  folders: (vm) => vm.folder,
  datacenters: (vm, world) => world.inventory.clusters.get(vm.cluster)?.datacenter,
  hosts: (vm) => vm.host,
  clusters: (vm) => vm.cluster,
  resource_pools: (vm) => vm.resourcePool,
  power_states: (vm) => vm.powerState,
};

function listVms(world: World, call: Call): Reply {
  authorizeVcenter(world, call, 'System.Read');
  requireKnownParameters(call.query, Object.keys(FILTERS));
  requireMembers(queryValues(call.query, 'power_states'), POWER_STATES, 'power_states');
  const filters = Object.entries(FILTERS).map(
    ([name, valueOf]) => [queryValues(call.query, name), valueOf] as const,
  );
  const found = visibleVms(world).filter((vm) =>
    filters.every(([wanted, valueOf]) => matches(wanted, valueOf(vm, world))),
  );
  return boundedList(found.map(summarizeVm), MAX_VMS);
}

function removeVm(world: World, call: Call): Reply {
  const cause = authorizeVcenter(world, call, 'VirtualMachine.Inventory.Delete');
  const vm = findVisibleVm(world, call.params['vm'] ?? '');
  if (vm.powerState !== 'POWERED_OFF') {
    throw new VapiError('NOT_ALLOWED_IN_CURRENT_STATE', `${vm.id} is not powered off.`, [vm.id]);
  }
  deleteVm(world, vm);
  world.ledger.write({ kind: 'delete', vm: vm.id, name: vm.name }, cause);
  return { status: 204 };
}

/** Listing, reading and deleting VMs. */
export function vmOperations(world: World): Operation[] {
  return [
    { name: 'vm.list', method: 'GET', path: VMS, answer: (call) => listVms(world, call) },
    {
      name: 'vm.get',
      method: 'GET',
      path: `${VMS}/:vm`,
      answer: (call) => {
        authorizeVcenter(world, call, 'System.Read');
        return { status: 200, body: describeVm(findVisibleVm(world, call.params['vm'] ?? '')) };
      },
    },
    { name: 'vm.delete', method: 'DELETE', path: `${VMS}/:vm`, answer: (call) => removeVm(world, call) },
  ];
}
