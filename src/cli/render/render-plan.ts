import type { PlanResult } from '../../client';
import { fields } from './table';

/** What a clone would do, for a person. */
export const renderPlan = (plan: PlanResult): string =>
  fields([
    ['source', `${plan.vmName} (${plan.vmId})`],
    ['cluster', plan.clusterId],
    ['snapshot', `${plan.snapshotName} (${plan.snapshotId})`],
    ['clone', plan.name],
    ['folder', plan.folderId],
    ...plan.warnings.map(({ type, message }) => ['warning', `${type}: ${message}`] as const),
  ]);
