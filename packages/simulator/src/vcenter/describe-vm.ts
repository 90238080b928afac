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

/** VM.Info with everything that typed clients need. */
export function describeVm(vm: Vm) {
  return {
    guest_OS: 'OTHER_LINUX_64',
    name: vm.name,
    power_state: vm.powerState,
    ...(vm.biosUuid === undefined ? {} : { identity: { name: vm.name, bios_uuid: vm.biosUuid } }),
    hardware: { version: 'VMX_21', upgrade_policy: 'NEVER', upgrade_status: 'NONE' },
    boot: { type: 'EFI', delay: 0, retry: false, retry_delay: 10000, enter_setup_mode: false },
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
