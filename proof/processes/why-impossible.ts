import type { PlannedOperation } from '../judge/evidence/plan';
import { faultOf } from './faults';

export interface NamedCell {
  readonly window: string;
  readonly fault: string;
  readonly operation: PlannedOperation;
}

/** Why a fault cannot strike in a window; undefined where it can. */
export const whyImpossible = ({ window, fault, operation }: NamedCell): string | undefined =>
  faultOf(fault).impossible?.({ operation, window, profile: 'test' });
