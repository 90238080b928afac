import type { Vm } from './inventory';

/** Only a VM that its own system shut down is off in a clean way; this simulator's stop is a hard one. */
export function setPower(vm: Vm, powerState: Vm['powerState']): void {
  vm.powerState = powerState;
  vm.cleanPowerOff = false;
}
