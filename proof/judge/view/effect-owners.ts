import type { Evidence } from '../evidence/evidence';
import type { Effect } from '../evidence/simulator-records';

/** Whose an effect is, by the `X-Request-ID` of the call that caused it. */
export interface EffectOwners {
  /** The workflow's id as the header spells it; undefined where somebody else called. */
  readonly workflowOf: (effect: Effect) => string | undefined;
  readonly of: (workflowId: string) => readonly Effect[];
}

/** As sent in headers: printable ASCII, bounded. */
const headerSpelling = (workflowId: string): string =>
  workflowId.replaceAll(/[^\x21-\x7e]/g, '_').slice(0, 160);

export function effectOwners({ ledger }: Pick<Evidence, 'ledger'>): EffectOwners {
  const workflowOf = ({ requestId }: Effect): string | undefined =>
    /^(snapflow(?:-delete)?:.+)\/[^/]+\/\d+$/s.exec(requestId ?? '')?.[1];
  return {
    workflowOf,
    of: (workflowId) => ledger.filter((effect) => workflowOf(effect) === headerSpelling(workflowId)),
  };
}
