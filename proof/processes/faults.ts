import type { Fault } from './fault';
import { MEANING_FAULTS } from './meaning-faults';
import { OWN_NAME_FAULTS } from './own-name-faults';
import { PACKET_FAULTS } from './packet-faults';
import { PROCESS_FAULTS } from './process-faults';
import { TEMPORAL_FAULTS } from './temporal-faults';
import { TRANSPORT_FAULTS } from './transport-faults';
import { WORLD_FAULTS } from './world-faults';

/** The catalogue: A processes, B transport, C meaning, D world, E time, F Temporal. */
export const FAULTS = {
  ...PROCESS_FAULTS,
  ...TRANSPORT_FAULTS,
  ...MEANING_FAULTS,
  ...WORLD_FAULTS,
  ...TEMPORAL_FAULTS,
  ...OWN_NAME_FAULTS,
} as const satisfies Record<string, Fault>;

export function faultOf(name: string): Fault {
  const fault = ({ ...FAULTS, ...PACKET_FAULTS } as Record<string, Fault>)[name];
  if (fault === undefined) throw new Error(`There is no fault ${name}: docs/proof.md lists them.`);
  return fault;
}
