/*
 * A vCenter and a snapshot appliance on loopback, with a ledger of effects and faults on demand.
 *
 * main.ts                     entry of the program
 * run-simulator.ts            the program: options, start, one line of JSON, end
 * parse-simulator-options.ts  the program's options
 * simulator-options.ts        options of a simulator, with defaults
 * option-error.ts             a wrong option as one sentence
 * start-simulator.ts          starts all hosts and the control port
 * running-simulator.ts        what a started simulator offers
 * simulated-releases.ts       the releases that can be simulated
 * world-from-options.ts       the world that the options describe
 * appliance/                  operations of the snapshot appliance
 * vcenter/                    operations of vCenter's REST API
 * vijson/                     privilege checks by VI/JSON
 * sts/                        the token service
 * http/                       servers, authentication, errors on the wire
 * tls/                        certificates
 * faults/                     faults: rules, holds, bad replies
 * control/                    the control port
 * world/                      inventory, tasks, ledger
 */
export { OptionError } from './option-error';
export { runSimulator } from './run-simulator';
export type { RunningSimulator, SimulatorAddress } from './running-simulator';
export { SIMULATED_RELEASES } from './simulated-releases';
export type { SimulatorOptions } from './simulator-options';
export { startSimulator } from './start-simulator';
export type { InventoryFile } from './world/inventory-schema';
export type { Clock } from './world/clock';
