/** Timestamp and Duration look alike in an object of protobufjs. */
interface Moment {
  readonly seconds: string;
  readonly nanos?: number;
}

const isMoment = (value: object): value is Moment =>
  'seconds' in value && Object.keys(value).every((key) => key === 'seconds' || key === 'nanos');

/** A history as `temporal workflow show -o json` prints it; the SDK's own conversion wants one copy of protobufjs. */
export const historyJson = (history: object): HistoryJson =>
  plain(JSON.parse(JSON.stringify(history)), '') as HistoryJson;

export interface HistoryJson {
  readonly events?: readonly (Record<string, unknown> & { readonly eventType?: string })[];
}

function plain(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((each) => plain(each, key));
  if (typeof value !== 'object' || value === null) return value;
  // An empty Timestamp or Duration has no fields at all.
  if (isMoment(value)) return key.endsWith('Time') ? timestamp(value) : duration(value);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each, name)]));
}

const timestamp = ({ seconds, nanos = 0 }: Moment): string =>
  new Date(Number(seconds) * 1_000 + Math.floor(nanos / 1e6)).toISOString();

const duration = ({ seconds, nanos = 0 }: Moment): string => `${Number(seconds) + nanos / 1e9}s`;
