import { z } from 'zod';

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

export const oddRecordsSchema = z.array(oddRecordSchema).max(MAX_ODD_RECORDS);

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
