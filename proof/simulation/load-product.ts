import { EVERY_OPERATION, OPERATIONS } from '../../src/contract/operations';
import type * as Deciding from '../../src/workflows/decide';
import { withoutLook, withoutWait } from '../model/without-guards';
import { forgetModules, prepareSandboxGlobals } from './temporal/workflow-host';

export type Workflows = Readonly<Record<string, unknown>>;
type Decide = typeof Deciding.decide;

/** A guard taken out of the product, to see that the simulation is awake. */
export const SIMULATION_MUTANTS = {
  'no quarantine':
    (decide: Decide): Decide =>
    (e) =>
      decide(withoutWait(e)),
  'no look before a post':
    (decide: Decide): Decide =>
    (e) =>
      decide(withoutLook(e)),
  'adopt by name only':
    (decide: Decide): Decide =>
    (e) => {
      const decision = decide(e);
      const [vm] = e.phase.kind === 'looking' ? (e.phase.look?.vms ?? []) : [];
      if (decision.kind !== 'needs-decision' || vm === undefined) return decision;
      return { kind: 'done', vmId: vm.vmId, warnings: [] };
    },
} as const;

export type SimulationMutant = keyof typeof SIMULATION_MUTANTS;

/**
 * The product's workflows, for the SDK's runtime outside of its sandbox. They are loaded here and not imported, since the
 * runtime wants a global to be there first, and a mutant its place before others hold the original.
 */
export function loadProduct(mutant?: SimulationMutant): Workflows {
  prepareSandboxGlobals();
  forgetModules('/src/workflows/');
  if (mutant !== undefined) {
    const path = require.resolve('../../src/workflows/decide');
    const real = require(path) as { readonly decide: Decide };
    const module = require.cache[path];
    if (module === undefined) throw new Error('the product cannot be mutated: its modules are not kept');
    module.exports = { ...real, decide: SIMULATION_MUTANTS[mutant](real.decide) };
  }
  const all = require('../../src/workflows') as Workflows;
  const types = EVERY_OPERATION.map((operation) => OPERATIONS[operation].workflow);
  return Object.fromEntries(types.map((type) => [type, all[type]]));
}
