import { z } from 'zod';
import { ACCOUNT_SPELLINGS } from './users';

/** Far more than a test tells, far less than slows a reply down. */
const MAX_ODD_RECORDS = 200;

/** One field of a record that is told in another way than the official description says. */
const oddRecordSchema = z.strictObject({
  /** The operation in whose replies it is odd, such as `tasks.list`. */
  operation: z.string().min(1),
  /** Id of the record. Without one, every record of the operation is odd. */
  id: z.string().min(1).optional(),
  /** Path within the record: `info.cancelable` in a list of tasks, `cancelable` of a single one. */
  field: z.string().min(1).max(200),
  /** What it says instead. Without it the field is left out. */
  value: z.unknown().optional(),
});

const oddRecordsSchema = z.array(oddRecordSchema).max(MAX_ODD_RECORDS);

export type OddRecord = z.infer<typeof oddRecordSchema>;

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy of the body of a good reply, with what the settings want odd. `ids` are those of the call's path. */
export function withOddRecords(
  body: unknown,
  operation: string,
  ids: readonly string[],
  oddRecords: readonly OddRecord[],
): unknown {
  const odd = oddRecords.filter((each) => each.operation === operation);
  if (odd.length === 0) return body;
  const copy: unknown = structuredClone(body);
  const items = Array.isArray(copy) ? copy : isFields(copy) ? copy['items'] : undefined;
  const records: readonly unknown[] = Array.isArray(items) ? items : [copy];
  for (const record of records) if (isFields(record)) makeOdd(record, ids, odd);
  return copy;
}

function makeOdd(record: Fields, ids: readonly string[], odd: readonly OddRecord[]): void {
  const own = [...ids, ...Object.values(record)];
  for (const { id, field, value } of odd)
    if (id === undefined || own.includes(id)) setField(record, field, value);
}

function setField(record: Fields, path: string, value: unknown): void {
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let at: Fields = record;
  for (const step of steps) {
    const next = at[step];
    if (!isFields(next)) return;
    at = next;
  }
  if (value === undefined) delete at[last];
  else at[last] = value;
}

/** A day: long enough for every test, finite because nobody documents how long tasks are remembered. */
const DEFAULT_TASK_RETENTION_MS = 24 * 60 * 60 * 1000;
/** vCenter's documented idle time-out of a session. */
const DEFAULT_SESSION_IDLE_MS = 30 * 60 * 1000;
/** vCenter runs out of sessions between 500 and 2000, and then answers 503 to everybody. */
const DEFAULT_MAX_SESSIONS = 2000;
/** How long vCenter's token service lets a bearer assertion live. */
const DEFAULT_SAML_LIFETIME_MS = 30 * 60 * 1000;
/** Every simulator is the same vCenter unless it is told to be another: one that is restarted has not been rebuilt. */
const DEFAULT_INSTANCE_UUID = '3c9ef1d2-7a54-4b0e-9a67-5e2f0c1b8d43';
/** Longest duration that a setting may hold (a year), so that no sum of times overflows a date. */
const MAX_DURATION_MS = 365 * 24 * 60 * 60 * 1000;
/** Highest capacity that a setting may hold. */
const MAX_CAPACITY = 100_000;

const durationMs = z.number().int().min(0).max(MAX_DURATION_MS);
const capacity = z.number().int().min(0).max(MAX_CAPACITY);

/** What `PATCH /settings` takes; unknown names are refused. */
export const settingsSchema = z.strictObject({
  cloneMs: durationMs,
  revertMs: durationMs,
  restoreMs: durationMs,
  maxClones: capacity,
  maxReverts: capacity,
  visibilityDelayMs: durationMs,
  taskVisibilityDelayMs: durationMs,
  taskRetentionMs: durationMs,
  sessionIdleMs: durationMs,
  maxSessions: capacity,
  samlLifetimeMs: durationMs.min(1),
  sdkSessions: z.enum(['shared', 'own']),
  endedSessions: z.enum(['refused', 'page', 'legacy']),
  aboutVersion: z.string().max(200),
  instanceUuid: z.uuid(),
  clockSkewMs: z.number().int().min(-MAX_DURATION_MS).max(MAX_DURATION_MS),
  nameCheck: z.enum(['call', 'task']),
  taskUser: z.enum(ACCOUNT_SPELLINGS),
  oddRecords: oddRecordsSchema,
});

export type Settings = z.infer<typeof settingsSchema>;

/** Effects take 2 s and 8 may run at once, unless the start or `PATCH /settings` says otherwise. */
export const defaultSettings: Settings = {
  cloneMs: 2000,
  revertMs: 2000,
  restoreMs: 2000,
  maxClones: 8,
  maxReverts: 8,
  visibilityDelayMs: 0,
  taskVisibilityDelayMs: 0,
  taskRetentionMs: DEFAULT_TASK_RETENTION_MS,
  sessionIdleMs: DEFAULT_SESSION_IDLE_MS,
  maxSessions: DEFAULT_MAX_SESSIONS,
  samlLifetimeMs: DEFAULT_SAML_LIFETIME_MS,
  sdkSessions: 'shared',
  endedSessions: 'refused',
  aboutVersion: '',
  instanceUuid: DEFAULT_INSTANCE_UUID,
  clockSkewMs: 0,
  nameCheck: 'call',
  taskUser: 'login',
  oddRecords: [],
};
