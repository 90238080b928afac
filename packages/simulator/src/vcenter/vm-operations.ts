import { createHash } from 'node:crypto';
import { VapiError } from '../http/errors';
import type { Call, Operation, Reply } from '../http/operation';
import { matches, queryValues, requireKnownParameters, requireMembers } from '../http/read-request';
import type { Vm } from '../world/inventory';
import { findVisibleVm, visibleVms } from '../world/look-up';
import { deleteVm, setPower } from '../world/machines';
import type { World } from '../world/world';
import { authorizeVcenter, boundedList } from './authorize';

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

/** What a list shows of a VM. */
function summarizeVm(vm: Vm) {
  return {
    vm: vm.id,
    name: vm.name,
    power_state: vm.powerState,
    cpu_count: vm.cpuCount,
    memory_size_MiB: vm.memoryMiB,
  };
}

const NO_DEVICES = {
  disks: {},
  nics: {},
  cdroms: {},
  floppies: {},
  parallel_ports: {},
  serial_ports: {},
  sata_adapters: {},
  scsi_adapters: {},
};

/** All of it or nothing: a machine of an inventory file without a `biosUuid` has no identity. */
function identityOf({ id, name }: Vm, biosUuid: string) {
  const digits = createHash('sha256').update(`${id} ${biosUuid}`).digest('hex');
  const parts = [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ].map(([from, to]) => digits.slice(from, to));
  return { name, bios_uuid: biosUuid, instance_uuid: parts.join('-') };
}

/** VM.Info with everything that typed clients need. */
function describeVm(vm: Vm) {
  return {
    guest_OS: 'OTHER_LINUX_64',
    name: vm.name,
    power_state: vm.powerState,
    ...(vm.biosUuid === undefined ? {} : { identity: identityOf(vm, vm.biosUuid) }),
    hardware: { version: 'VMX_21', upgrade_policy: 'NEVER', upgrade_status: 'NONE' },
    boot: {
      type: 'EFI',
      efi_legacy_boot: false,
      network_protocol: 'IPV4',
      delay: 0,
      retry: false,
      retry_delay: 10000,
      enter_setup_mode: false,
    },
    boot_devices: [],
    cpu: {
      count: vm.cpuCount,
      cores_per_socket: 1,
      hot_add_enabled: false,
      hot_remove_enabled: false,
    },
    memory: { size_MiB: vm.memoryMiB, hot_add_enabled: false },
    ...NO_DEVICES,
  };
}

const POWER = '/api/vcenter/vm/:vm/power';

interface Change {
  readonly privilege: string;
  readonly to: Vm['powerState'];
}

const START: Change = { privilege: 'VirtualMachine.Interact.PowerOn', to: 'POWERED_ON' };
const STOP: Change = { privilege: 'VirtualMachine.Interact.PowerOff', to: 'POWERED_OFF' };
const RESET: Change = { privilege: 'VirtualMachine.Interact.Reset', to: 'POWERED_ON' };

function requireChange(vm: Vm, change: Change): void {
  if (change === RESET) {
    if (vm.powerState === 'POWERED_ON') return;
    throw new VapiError('NOT_ALLOWED_IN_CURRENT_STATE', `${vm.id} is not powered on.`, [vm.id]);
  }
  if (vm.powerState !== change.to) return;
  throw new VapiError('ALREADY_IN_DESIRED_STATE', `${vm.id} is ${change.to} already.`, [vm.id]);
}

function changePower(world: World, call: Call, change: Change): Reply {
  const cause = authorizeVcenter(world, call, change.privilege);
  const vm = findVisibleVm(world, call.params['vm'] ?? '');
  requireChange(vm, change);
  setPower(vm, change.to);
  world.ledger.write({ kind: 'power', vm: vm.id, power: change.to }, cause);
  return { status: 204 };
}

function describePower(world: World, call: Call): Reply {
  authorizeVcenter(world, call, 'System.Read');
  const { powerState: state, cleanPowerOff } = findVisibleVm(world, call.params['vm'] ?? '');
  const clean = state === 'POWERED_OFF' ? { clean_power_off: cleanPowerOff } : {};
  return { status: 200, body: { state, ...clean } };
}

/** The power of a VM: read, start, stop (hard) and reset. */
export function powerOperations(world: World): Operation[] {
  const change = (
    name: 'power.start' | 'power.stop' | 'power.reset',
    action: string,
    what: Change,
  ): Operation => ({
    name,
    method: 'POST',
    path: POWER,
    query: { action },
    answer: (call) => changePower(world, call, what),
  });
  return [
    { name: 'power.get', method: 'GET', path: POWER, answer: (call) => describePower(world, call) },
    change('power.start', 'start', START),
    change('power.stop', 'stop', STOP),
    change('power.reset', 'reset', RESET),
  ];
}
