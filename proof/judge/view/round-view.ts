import type { Evidence } from '../evidence/evidence';
import { effectOwners, type EffectOwners } from './effect-owners';
import { requestView, type RequestView } from './request-view';

/** The evidence, and what follows from it for each request. */
export interface RoundView {
  readonly evidence: Evidence;
  readonly owners: EffectOwners;
  /** Every request of the plan. */
  readonly requests: readonly RequestView[];
  /** Those of which the server has a run. */
  readonly accepted: readonly RequestView[];
}

export function roundView(evidence: Evidence): RoundView {
  const owners = effectOwners(evidence);
  const requests = evidence.plan.requests.map((request) => requestView(request, evidence, owners));
  return { evidence, owners, requests, accepted: requests.filter(({ runs }) => runs.length > 0) };
}
