import type { PlanResult, RevertPlanResult } from '../../client';
import { fields } from './table';

/** What an operation would do, for a person. */
export const renderPlan = (plan: PlanResult | RevertPlanResult): string =>
  fields([
    ['folderId' in plan ? 'source' : 'vm', `${plan.vmName} (${plan.vmId})`],
    ['cluster', plan.clusterId],
    ['snapshot', `${plan.snapshotName} (${plan.snapshotId})`],
    ...own(plan),
    ...plan.warnings.map(({ type, message }) => ['warning', `${type}: ${message}`] as const),
  ]);

const own = (plan: PlanResult | RevertPlanResult): (readonly [string, string])[] =>
  'folderId' in plan
    ? [
        ['clone', plan.name],
        ['folder', plan.folderId],
      ]
    : [['taken', plan.snapshotCreatedAt]];
