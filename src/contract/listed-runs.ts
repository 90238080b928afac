import { decodeHistoryPayload, type Converter, type PayloadOwner } from './history-payload';
import { omitUndefined } from './omit-undefined';

/* A namespace is shared: other programs, and other builds of this one, keep runs there. Temporal's SDK lists nothing at all
 * where one memo of the list does not decode. This reads run by run. */

/** `WorkflowExecutionStatus` by its numbers, which Temporal's API fixes, in the words of the SDK. */
const STATUS_NAMES = [
  'UNSPECIFIED',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TERMINATED',
  'CONTINUED_AS_NEW',
  'TIMED_OUT',
  'PAUSED',
] as const;

/** One run of a list. */
export interface ListedRun {
  readonly workflowId: string;
  readonly runId: string;
  /** Workflow type. */
  readonly type: string;
  readonly taskQueue: string;
  readonly status: { readonly name: (typeof STATUS_NAMES)[number] | 'UNKNOWN' };
  readonly startTime: Date;
  /** Absent while it is open. */
  readonly closeTime?: Date;
  /** The fields that decode. */
  readonly memo: Readonly<Record<string, unknown>>;
  /** Present where a field of the memo does not decode: another data converter has written it. */
  readonly isMemoUnread?: true;
  readonly searchAttributes: Readonly<Record<string, readonly unknown[]>>;
  readonly parentExecution?: { readonly workflowId: string; readonly runId: string };
}

interface RawExecution {
  readonly workflowId?: string | null;
  readonly runId?: string | null;
}

interface RawTime {
  readonly seconds?: number | { toNumber(): number } | null;
  readonly nanos?: number | null;
}

type Fields<Payload> = Readonly<Record<string, Payload>> | null | undefined;

/** A run as Temporal's service answers it. */
interface RawRun<Payload> {
  readonly execution?: RawExecution | null;
  readonly type?: { readonly name?: string | null } | null;
  readonly taskQueue?: string | null;
  readonly status?: number | null;
  readonly startTime?: RawTime | null;
  readonly closeTime?: RawTime | null;
  readonly parentExecution?: RawExecution | null;
  readonly memo?: { readonly fields?: Fields<Payload> } | null;
  readonly searchAttributes?: {
    readonly indexedFields?: Fields<{ readonly data?: Uint8Array | null }>;
  } | null;
}

/** Of Temporal's client what a list needs. This folder imports nothing, so the shape stands here. */
interface Lister<Payload extends object> {
  readonly options: { readonly namespace: string; readonly loadedDataConverter: Converter<Payload> };
  readonly workflowService: {
    listWorkflowExecutions(request: {
      readonly namespace: string;
      readonly query: string;
      readonly pageSize?: number;
      readonly nextPageToken?: Uint8Array;
    }): Promise<{
      readonly executions: readonly RawRun<Payload>[];
      readonly nextPageToken?: Uint8Array | null;
    }>;
  };
}

/**
 * The runs that a visibility query finds, newest first, page by page.
 * @param pageSize default: the server's
 * @throws what the service answers, as it came
 */
export async function* listedRuns<Payload extends object>(
  { options, workflowService }: Lister<Payload>,
  query: string,
  pageSize?: number,
): AsyncGenerator<ListedRun, void, undefined> {
  const { namespace, loadedDataConverter } = options;
  let nextPageToken: Uint8Array | undefined;
  do {
    const request = { namespace, query, ...omitUndefined({ pageSize, nextPageToken }) };
    const page = await workflowService.listWorkflowExecutions(request);
    for (const raw of page.executions) yield await listedRun(raw, loadedDataConverter, namespace);
    nextPageToken = page.nextPageToken ?? undefined;
  } while (nextPageToken !== undefined && nextPageToken.length > 0);
}

async function listedRun<Payload extends object>(
  raw: RawRun<Payload>,
  converter: Converter<Payload>,
  namespace: string,
): Promise<ListedRun> {
  const { workflowId, runId } = named(raw.execution);
  const { memo, isWhole } = await readableMemo(raw.memo?.fields, converter, { namespace, workflowId });
  return {
    workflowId,
    runId,
    type: raw.type?.name ?? '',
    taskQueue: raw.taskQueue ?? '',
    status: { name: STATUS_NAMES[raw.status ?? 0] ?? 'UNKNOWN' },
    startTime: timeOf(raw.startTime) ?? new Date(0),
    memo,
    searchAttributes: readableAttributes(raw.searchAttributes?.indexedFields),
    ...omitUndefined({
      closeTime: timeOf(raw.closeTime),
      isMemoUnread: isWhole ? undefined : (true as const),
      parentExecution: raw.parentExecution ? named(raw.parentExecution) : undefined,
    }),
  };
}

const named = (execution: RawExecution | null | undefined) => ({
  workflowId: execution?.workflowId ?? '',
  runId: execution?.runId ?? '',
});

const MS_PER_S = 1_000;
const NANOS_PER_MS = 1_000_000;

const timeOf = (time: RawTime | null | undefined): Date | undefined =>
  time
    ? new Date(numberOf(time.seconds) * MS_PER_S + Math.floor((time.nanos ?? 0) / NANOS_PER_MS))
    : undefined;

const numberOf = (value: RawTime['seconds']): number =>
  typeof value === 'number' ? value : (value?.toNumber() ?? 0);

/** The fields of a memo that decode, each for itself, and whether these are all. */
export async function readableMemo<Payload extends object>(
  fields: Fields<Payload>,
  converter: Converter<Payload>,
  owner: PayloadOwner,
): Promise<{ readonly memo: Readonly<Record<string, unknown>>; readonly isWhole: boolean }> {
  const all = Object.entries(fields ?? {});
  const read = await Promise.all(
    all.map(async ([key, payload]) => {
      try {
        return [key, await decodeHistoryPayload(converter, [payload], owner)] as const;
      } catch {
        return undefined;
      }
    }),
  );
  const readable = read.filter((each) => each !== undefined);
  return { memo: Object.fromEntries(readable), isWhole: readable.length === all.length };
}

/** They are JSON in every namespace: no codec seals what the server has to search. */
function readableAttributes(
  fields: Fields<{ readonly data?: Uint8Array | null }>,
): Readonly<Record<string, readonly unknown[]>> {
  const decoder = new TextDecoder();
  const read = Object.entries(fields ?? {}).map(([name, { data }]) => {
    try {
      const value: unknown = JSON.parse(decoder.decode(data ?? undefined));
      return [name, Array.isArray(value) ? value : [value]] as const;
    } catch {
      return [name, []] as const;
    }
  });
  return Object.fromEntries(read);
}
