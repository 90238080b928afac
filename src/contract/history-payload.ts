import { SnapflowError } from './errors';

/** A payload in a history, or in a heartbeat, that the data converter at hand cannot decode. What it says is unknown. */
export class HistoryUnreadable extends SnapflowError {
  override readonly name = 'HistoryUnreadable';
  override readonly code = 'SNAPFLOW_HISTORY_UNREADABLE';
}

/** Which workflow a payload belongs to, and which of its activities where it is an activity's. */
export interface PayloadOwner {
  readonly namespace: string;
  readonly workflowId: string;
  readonly activityId?: string | undefined;
}

/** What codecs and converters of Temporal are told about a payload. */
type PayloadContext =
  | { type: 'workflow'; namespace: string; workflowId: string }
  | { type: 'activity'; namespace: string; workflowId: string; activityId: string; isLocal: boolean };

/** Of Temporal's `LoadedDataConverter` what decoding needs. This folder imports nothing, so the shape stands here. */
export interface Converter<Payload> {
  readonly payloadConverter: { fromPayload(payload: Payload, context?: PayloadContext): unknown };
  readonly payloadCodecs: readonly {
    decode(payloads: Payload[], context?: PayloadContext): Promise<Payload[]>;
  }[];
}

/**
 * The one value that a history recorded there, through every codec of the client that read the history.
 * @returns undefined where nothing was recorded
 * @throws HistoryUnreadable where something was recorded that cannot be decoded: taking that for nothing could repeat an effect
 */
export async function decodeHistoryPayload<Payload extends object>(
  { payloadConverter, payloadCodecs }: Converter<Payload>,
  payloads: readonly Payload[] | null | undefined,
  owner: PayloadOwner,
): Promise<unknown> {
  const [recorded] = payloads ?? [];
  if (recorded === undefined) return undefined;
  const context = contextOf(owner);
  try {
    let decoded = [recorded];
    for (const codec of payloadCodecs.toReversed()) decoded = await codec.decode(decoded, context);
    const [payload] = decoded;
    if (payload === undefined) throw new TypeError('a codec returned no payload');
    return payloadConverter.fromPayload(payload, context);
  } catch (cause) {
    throw new HistoryUnreadable(unreadable(owner), { cause });
  }
}

const contextOf = ({ namespace, workflowId, activityId }: PayloadOwner): PayloadContext =>
  activityId === undefined
    ? { type: 'workflow', namespace, workflowId }
    : { type: 'activity', namespace, workflowId, activityId, isLocal: false };

const unreadable = ({ workflowId, activityId }: PayloadOwner): string =>
  `The history of ${workflowId} holds a payload${activityId === undefined ? '' : ` of activity ${activityId}`} that cannot be decoded: use the data converter, with its codecs and keys, that wrote it.`;
