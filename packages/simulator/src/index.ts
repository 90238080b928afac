export { OptionError } from './option-error';
export { runSimulator } from './run-simulator';
export type { RunningSimulator, SimulatorAddress } from './running-simulator';
export { SIMULATED_RELEASES } from './simulated-releases';
export type { SimulatorOptions } from './simulator-options';
export { startSimulator } from './start-simulator';
export type { InventoryFile } from './world/inventory-schema';
export type { Clock } from './world/clock';
