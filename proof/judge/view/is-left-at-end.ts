import type { Evidence } from '../evidence/evidence';
import type { Effect } from '../evidence/simulator-records';

/** A revert stays; a clone that the world deleted is not left. */
export const isLeftAtEnd = (effect: Effect, { after }: Evidence): boolean =>
  effect.kind === 'revert' || after.inventory.vms.some(({ id }) => id === effect.resultVm);
