import type { Call, Operation, Reply } from '../http/operation';
import { VapiError } from '../http/vapi-error';
import type { Vm } from '../world/inventory';
import { findVisibleVm } from '../world/look-up';
import { setPower } from '../world/set-power';
import type { World } from '../world/world';
import { authorizeVcenter } from './authorize-vcenter';

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
