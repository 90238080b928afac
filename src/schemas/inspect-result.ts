import { z } from 'zod';
import type { Check, CheckName, CheckState } from '../contract/check';
import type { InspectResult } from '../contract/inspect';
import { warning } from './operation-results';

const CHECKS = {
  temporal: 'temporal',
  namespace: 'namespace',
  retention: 'retention',
  'search-attributes': 'search-attributes',
  workers: 'workers',
  locks: 'locks',
  operations: 'operations',
  connections: 'connections',
  reachability: 'reachability',
  clock: 'clock',
  login: 'login',
  privileges: 'privileges',
  'allow-list': 'allow-list',
  tls: 'tls',
  quarantine: 'quarantine',
  'same-site': 'same-site',
} as const satisfies { [Name in CheckName]: Name };

const STATES = { ok: 'ok', warning: 'warning', failed: 'failed' } as const satisfies {
  [State in CheckState]: State;
};

const check: z.ZodType<Check> = z
  .object({
    check: z.enum(CHECKS),
    subject: z.string(),
    state: z.enum(STATES),
    message: z.string(),
    remedy: z.string().exactOptional(),
  })
  .meta({ title: 'Check' });

const snapshot = z
  .object({
    snapshotId: z.string(),
    name: z.string(),
    type: z.string(),
    createdAt: z.iso.datetime({ offset: true }),
    expiresAt: z.iso.datetime({ offset: true }).exactOptional(),
  })
  .meta({ title: 'SnapshotSummary' });

const machine = { vmId: z.string(), vmName: z.string(), clusterId: z.string() };
const planned = {
  kind: z.literal('plan'),
  ...machine,
  snapshotId: z.string(),
  snapshotName: z.string(),
  warnings: z.array(warning),
};

/** Schema of `InspectResult`: one of four, by the query that was asked. */
export const inspectResult: z.ZodType<InspectResult> = z.union([
  z
    .object({ kind: z.literal('snapshots'), ...machine, snapshots: z.array(snapshot) })
    .meta({ title: 'SnapshotsResult' }),
  z.object({ ...planned, name: z.string(), folderId: z.string() }).meta({ title: 'PlanResult' }),
  z
    .object({ ...planned, snapshotCreatedAt: z.iso.datetime({ offset: true }) })
    .meta({ title: 'RevertPlanResult' }),
  z.object({ kind: z.literal('doctor'), checks: z.array(check) }).meta({ title: 'DoctorResult' }),
]);
