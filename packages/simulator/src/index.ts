/*
 * A vCenter and a snapshot appliance on loopback, with a ledger of effects and faults on demand.
 *
 * main.ts                entry of the program
 * run-simulator.ts       the program: options, start, one line of JSON, end
 * simulator-options.ts   options of a simulator and of the program
 * start-simulator.ts     starts all hosts and the control port
 * certificates.ts        certificates of the hosts
 * world-from-options.ts  the world that the options describe
 * appliance/             operations of the snapshot appliance
 * vcenter/               operations of vCenter's REST API
 * vijson/                privilege checks by VI/JSON
 * sts/                   the token service
 * http/                  servers, authentication, errors on the wire
 * faults/                faults: rules, holds, bad replies
 * control/               the control port
 * world/                 inventory, tasks, ledger
 */
export { OptionError } from './simulator-options';
export { runSimulator } from './run-simulator';
export type { RunningSimulator, SimulatorAddress } from './start-simulator';
export { SIMULATED_RELEASES } from './world/releases';
export type { SimulatorOptions } from './simulator-options';
export { startSimulator } from './start-simulator';
export type { InventoryFile } from './world/inventory-schema';
export type { Clock } from './world/clock';
