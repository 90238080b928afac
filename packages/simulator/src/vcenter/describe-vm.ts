import { createHash } from 'node:crypto';
import type { Vm } from '../world/inventory';

/** What a list shows of a VM. */
export function summarizeVm(vm: Vm) {
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
export function describeVm(vm: Vm) {
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
