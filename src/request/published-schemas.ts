import { z } from 'zod';
import type {
  DeletionInput,
  DeletionResult,
  Check,
  CheckName,
  CheckState,
  InspectResult,
} from '../contract/inspect';
import { EVERY_OPERATION } from '../contract/operations';
import type {
  LinkedCloneResult,
  PowerState,
  RevertResult,
  UsedObject,
  UsedSnapshot,
  Warning,
} from '../contract/operations';
import { EVERY_CONDITION, PHASES } from '../contract/progress';
import {
  QUESTIONS_TO_GO_ON,
  RESOLUTION_KINDS,
  type Question,
  type Resolution,
  type ResolveInput,
} from '../contract/resolve';
import { failure } from './failure-schemas';
import { connectionName, requestId, reference, inspectInput, linkedCloneInput, revertInput } from './schemas';

/** Schema of `DeletionInput`. */
const deletionInput: z.ZodType<DeletionInput> = z
  .strictObject({ requestId, connection: connectionName, vmId: reference('the id of the machine') })
  .meta({ title: 'DeletionInput' });

/** Schema of `DeletionResult`. */
const deletionResult: z.ZodType<DeletionResult> = z
  .object({ vmId: z.string(), name: z.string(), outcome: z.enum(['deleted', 'already-gone']) })
  .meta({ title: 'DeletionResult' });

/** Left out where it is not known. */
const text = z.string().exactOptional();

const WARNING_TYPES = {
  NameDiffers: 'NameDiffers',
  PoweredOn: 'PoweredOn',
  CloneGone: 'CloneGone',
  DuplicateSuspected: 'DuplicateSuspected',
  NotVerified: 'NotVerified',
  PowerNotRestored: 'PowerNotRestored',
  PrivilegeUnconfirmed: 'PrivilegeUnconfirmed',
  UndoSnapshotUnknown: 'UndoSnapshotUnknown',
  VmGone: 'VmGone',
} as const satisfies { [Type in Warning['type']]: Type };

const POWER_STATES = {
  POWERED_ON: 'POWERED_ON',
  POWERED_OFF: 'POWERED_OFF',
  SUSPENDED: 'SUSPENDED',
} as const satisfies { [State in PowerState]: State };

/** Schema of `Warning`. */
const warning: z.ZodType<Warning> = z
  .object({ type: z.enum(WARNING_TYPES), message: z.string() })
  .meta({ title: 'Warning' });

const warnings = z.array(warning).exactOptional();

const object = { id: z.string(), name: z.string().exactOptional() };
/** Schema of `UsedObject`. */
const usedObject: z.ZodType<UsedObject> = z.object(object).meta({ title: 'UsedObject' });
/** Schema of `UsedSnapshot`. */
const usedSnapshot: z.ZodType<UsedSnapshot> = z
  .object({ ...object, createdAt: z.iso.datetime({ offset: true }).exactOptional() })
  .meta({ title: 'UsedSnapshot' });

/** Schema of `LinkedCloneResult`. */
const linkedCloneResult: z.ZodType<LinkedCloneResult> = z
  .object({
    vmId: z.string(),
    name: z.string(),
    taskId: z.string().exactOptional(),
    source: usedObject.exactOptional(),
    snapshot: usedSnapshot.exactOptional(),
    folder: usedObject.exactOptional(),
    cluster: usedObject.exactOptional(),
    powerState: z.enum(POWER_STATES).exactOptional(),
    warnings,
  })
  .meta({ title: 'LinkedCloneResult' });

/** Schema of `RevertResult`. */
const revertResult: z.ZodType<RevertResult> = z
  .object({
    taskId: z.string().exactOptional(),
    undoSnapshotId: z.string().exactOptional(),
    powerState: z.enum(POWER_STATES),
    vm: usedObject.exactOptional(),
    snapshot: usedSnapshot.exactOptional(),
    cluster: usedObject.exactOptional(),
    warnings,
  })
  .meta({ title: 'RevertResult' });

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
  account: 'account',
  login: 'login',
  tasks: 'tasks',
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
    createdAt: z.iso.datetime({ offset: true }).exactOptional(),
    expiresAt: z.iso.datetime({ offset: true }).exactOptional(),
    latest: z.literal(true).exactOptional(),
    unusable: z.string().exactOptional(),
  })
  .meta({ title: 'SnapshotSummary' });

const machine = { vmId: z.string(), vmName: z.string(), clusterId: z.string() };
const planned = {
  kind: z.literal('plan'),
  ...machine,
  clusterName: z.string(),
  snapshotId: z.string(),
  snapshotName: z.string(),
  snapshotCreatedAt: z.iso.datetime({ offset: true }),
  warnings: z.array(warning),
};

/** Schema of `InspectResult`: one of four, by the query that was asked. */
const inspectResult: z.ZodType<InspectResult> = z.union([
  z
    .object({ kind: z.literal('snapshots'), ...machine, snapshots: z.array(snapshot) })
    .meta({ title: 'SnapshotsResult' }),
  z
    .object({ ...planned, name: z.string(), folderId: z.string(), folderName: z.string() })
    .meta({ title: 'PlanResult' }),
  z.object(planned).meta({ title: 'RevertPlanResult' }),
  z.object({ kind: z.literal('doctor'), checks: z.array(check) }).meta({ title: 'DoctorResult' }),
]);

const KINDS: { readonly [Kind in Resolution['kind']]: z.ZodType<Extract<Resolution, { kind: Kind }>> } = {
  task: z.strictObject({ kind: z.literal('task'), taskId: z.string().min(1) }),
  vm: z.strictObject({ kind: z.literal('vm'), vmId: z.string().min(1) }),
  done: z.strictObject({ kind: z.literal('done') }),
  repeat: z.strictObject({ kind: z.literal('repeat') }),
  abandon: z.strictObject({ kind: z.literal('abandon') }),
};

/** Schema of `ResolveInput`, the one argument of the update `resolve`. */
const resolveInput: z.ZodType<ResolveInput> = z
  .strictObject({
    runId: z.string(),
    question: z.int().min(1),
    resolution: z.union([KINDS.task, KINDS.vm, KINDS.done, KINDS.repeat, KINDS.abandon]),
    requester: z.string().exactOptional(),
  })
  .meta({ title: 'ResolveInput' });

/** Schema of `Question`, which a run in `needs-decision` has in its memo. */
const question: z.ZodType<Question> = z
  .object({
    runId: z.string(),
    question: z.int().min(1),
    why: z.string(),
    candidates: z.array(z.string()),
    answers: z.array(z.enum(RESOLUTION_KINDS)),
    about: z.enum(QUESTIONS_TO_GO_ON).exactOptional(),
  })
  .meta({ title: 'Question' });

const moment = z.iso.datetime();

/** What `snapflow status --json` writes, and each command that shows an operation. */
const operationStatus = z
  .object({
    id: z.string(),
    workflowId: z.string(),
    runId: z.string(),
    operation: z.enum(EVERY_OPERATION),
    name: text,
    state: z.enum(['running', 'succeeded', 'failed', 'cancelled', 'needs-decision']),
    condition: z.enum(EVERY_CONDITION.filter((each) => each !== 'needs-decision')).exactOptional(),
    why: text,
    heldBy: text,
    phase: z.enum(PHASES).exactOptional(),
    percent: z.int().min(0).max(100).exactOptional(),
    taskId: text,
    result: z.union([linkedCloneResult, revertResult]).exactOptional(),
    warnings,
    // An end from outside is no failure of the contract: its type is one of three more.
    failure: z
      .object({ type: z.string(), message: z.string(), details: z.object().exactOptional() })
      .exactOptional(),
    request: z.record(z.string(), z.unknown()),
    requester: text,
    startedAt: moment,
    closedAt: moment.exactOptional(),
    taskStatus: text,
    message: text,
    question: question.exactOptional(),
    left: text,
    pickedUp: z.boolean(),
  })
  .meta({ title: 'OperationStatusJson' });

/** What a command that fails writes with `--json` where it has no other data. */
const cliError = z
  .object({
    error: z
      .object({
        type: z.string(),
        message: z.string(),
        exitCode: z.int(),
        code: text,
        details: z.object().exactOptional(),
      })
      .meta({ title: 'CliError' }),
  })
  .meta({ title: 'CliErrorJson' });

/** What callers in other languages send and get, by the name of its file in docs/schemas. */
export const PUBLISHED_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  'linked-clone-input': linkedCloneInput,
  'linked-clone-result': linkedCloneResult,
  'revert-input': revertInput,
  'revert-result': revertResult,
  'deletion-input': deletionInput,
  'deletion-result': deletionResult,
  'inspect-input': inspectInput,
  'inspect-result': inspectResult,
  'resolve-input': resolveInput,
  question,
  failure,
  'operation-status': operationStatus,
  'cli-error': cliError,
};
