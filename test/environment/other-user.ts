import type { SimulatorAddress } from '../../packages/simulator/src/start-simulator';
import { openConnection, VM_TASK_SERVICE } from '../../src/vsphere';
import type { Control } from './control';
import { eventually } from './eventually';

/** Somebody else, with another account, who reverts machines behind our back. */
export interface OtherUser {
  readonly startRevert: (clusterId: string, vmId: string, spec: { snapshot: string }) => Promise<string>;
  /** Waits until no task is open on the machine. */
  readonly settled: (vmId: string) => Promise<unknown>;
  readonly leave: () => Promise<void>;
}

/** Logs in with the limited account, which is given what a revert needs. */
export async function otherUser(simulator: SimulatorAddress, control: Control): Promise<OtherUser> {
  const { limitedUsername: username, limitedPassword: password } = simulator;
  await control.user(username, { privileges: { add: ['VirtualMachine.Interact.PowerOff'] } });
  return clientOf(simulator, { username, password });
}

/** Another program that has the worker's own account. */
export const sibling = ({ username, password, ...simulator }: SimulatorAddress): OtherUser =>
  clientOf(simulator, { username, password });

function clientOf(
  { vcenterUrl, applianceUrl }: Pick<SimulatorAddress, 'vcenterUrl' | 'applianceUrl'>,
  account: { readonly username: string; readonly password: string },
): OtherUser {
  const connection = openConnection({ name: 'other', vcenterUrl, applianceUrl, ...account });
  const { appliance } = connection;
  const openTasks = () =>
    appliance.listTasks({ services: [VM_TASK_SERVICE], statuses: ['PENDING', 'RUNNING', 'BLOCKED'] });
  return {
    startRevert: (clusterId, vmId, spec) => appliance.startRevert(clusterId, vmId, spec),
    settled: (vmId) =>
      eventually(`no task is open on ${vmId}`, async () =>
        (await openTasks()).items.every(({ info }) => info.target?.id !== vmId),
      ),
    leave: () => connection.close(),
  };
}
