import { MockActivityEnvironment } from '@temporalio/testing';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import {
  defaultDataConverter,
  defaultPayloadConverter,
  type LoadedDataConverter,
  type Payload,
  type PayloadCodec,
} from '@temporalio/common';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { doneActivities, type DoneActivity, type History } from '../../../src/activities/history';
import { toFailure } from '../../../src/activities/errors';
import type { TemporalLink } from '../../../src/client/temporal-calls';
import { readPending } from '../../../src/client/pending';
import { decodeHistoryPayload, HistoryUnreadable } from '../../../src/contract/history-payload';

const NONCE_BYTES = 12;

/** Encrypts a whole payload, as Temporal's sample of a codec does. */
class Encryption implements PayloadCodec {
  constructor(private readonly key = randomBytes(32)) {}

  encode = async (payloads: Payload[]): Promise<Payload[]> =>
    payloads.map(({ metadata, data }) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
      const encoding = Buffer.from(metadata?.['encoding'] ?? []).toString();
      const plain = JSON.stringify({ encoding, data: Buffer.from(data ?? []).toString('base64') });
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
      return {
        metadata: { encoding: Buffer.from('binary/encrypted') },
        data: Buffer.concat([nonce, cipher.getAuthTag(), sealed]),
      };
    });

  decode = async (payloads: Payload[]): Promise<Payload[]> =>
    payloads.map(({ data }) => {
      const bytes = Buffer.from(data ?? []);
      const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + 16));
      const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + 16)), decipher.final()]);
      const { encoding, data: inner } = JSON.parse(plain.toString()) as { encoding: string; data: string };
      return { metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(inner, 'base64') };
    });
}

const OWNER = { namespace: 'default', workflowId: 'clone-1', activityId: '7' };
const STARTED = { kind: 'started', taskId: 'task-1' };

const plain = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);

const converterWith = (...payloadCodecs: PayloadCodec[]): LoadedDataConverter => ({
  ...defaultDataConverter,
  payloadCodecs,
});

async function encrypted(codec: PayloadCodec, value: unknown): Promise<Payload> {
  const [payload] = await codec.encode([plain(value)]);
  if (payload === undefined) throw new Error('the codec returned no payload');
  return payload;
}

const historyWith = (result: Payload): History =>
  ({
    events: [
      {
        eventId: 5,
        activityTaskScheduledEventAttributes: { activityId: '7', activityType: { name: 'startLinkedClone' } },
      },
      {
        eventId: 6,
        activityTaskCompletedEventAttributes: { scheduledEventId: 5, result: { payloads: [result] } },
      },
    ],
  }) as unknown as History;

/** What an activity reads of a history, with the converter of its client. */
function readBy(loadedDataConverter: LoadedDataConverter, result: Payload) {
  const withAbortSignal = (_signal: AbortSignal, body: () => unknown) => body();
  const client = { options: { loadedDataConverter }, withAbortSignal } as unknown as Client;
  const read = () => doneActivities(OWNER.workflowId, historyWith(result));
  return new MockActivityEnvironment({}, { client }).run<[], readonly DoneActivity[], typeof read>(read);
}

test('nothing recorded: is undefined', async () => {
  for (const payloads of [undefined, null, []])
    expect(await decodeHistoryPayload(defaultDataConverter, payloads, OWNER)).toBeUndefined();
});

test('several codecs: the last one that encoded decodes first', async () => {
  const [inner, outer] = [new Encryption(), new Encryption()];
  const twice = await outer.encode(await inner.encode([plain(STARTED)]));
  expect(await decodeHistoryPayload(converterWith(inner, outer), twice, OWNER)).toEqual(STARTED);
});

test('a codec is told whose payload it is', async () => {
  const decode = jest.fn(async (payloads: Payload[]) => payloads);
  const codec = { encode: decode, decode };
  await decodeHistoryPayload(converterWith(codec), [plain(1)], OWNER);
  expect(decode).toHaveBeenLastCalledWith(expect.anything(), { type: 'activity', isLocal: false, ...OWNER });
  const { activityId: _, ...workflow } = OWNER;
  await decodeHistoryPayload(converterWith(codec), [plain(1)], workflow);
  expect(decode).toHaveBeenLastCalledWith(expect.anything(), { type: 'workflow', ...workflow });
});

const truncating: PayloadCodec = { encode: async (payloads) => payloads, decode: async () => [] };

test.each([
  [
    'encrypted, and the client has no codec',
    async () => [defaultDataConverter, await encrypted(new Encryption(), 1)],
  ],
  [
    'encrypted with another key',
    async () => [converterWith(new Encryption()), await encrypted(new Encryption(), 1)],
  ],
  ['broken JSON', async () => [defaultDataConverter, { ...plain(1), data: Buffer.from('{"ki') }]],
  ['without an encoding', async () => [defaultDataConverter, { data: Buffer.from('1') }]],
  ['gone within a codec', async () => [converterWith(truncating), plain(1)]],
] as const)('a payload that is %s: is refused, never nothing', async (_, make) => {
  const [converter, payload] = (await make()) as [LoadedDataConverter, Payload];
  const read = decodeHistoryPayload(converter, [payload], OWNER);
  await expect(read).rejects.toThrow(HistoryUnreadable);
  await expect(read).rejects.toThrow(/clone-1 holds a payload of activity 7 that cannot be decoded/);
});

test('an activity reads a start that a codec encrypted', async () => {
  const codec = new Encryption();
  const [start] = await readBy(converterWith(codec), await encrypted(codec, STARTED));
  expect(start).toMatchObject({ type: 'startLinkedClone', result: STARTED });
});

test('an activity that cannot read a start: fails, and is tried again without telling what it held', async () => {
  const sealed = await encrypted(new Encryption(), STARTED);
  const error: unknown = await readBy(defaultDataConverter, sealed).catch((reason: unknown) => reason);
  const failure = toFailure(error, 'before-start', 100);
  expect(failure).toMatchObject({ type: 'HistoryUnreadable', nonRetryable: false });
  expect((failure as Error).cause).toBeUndefined();
});

test('the client reads progress that a codec encrypted', async () => {
  const codec = new Encryption();
  const beat = await encrypted(codec, { phase: 'wait', percent: 40 });
  const run = {
    workflowId: OWNER.workflowId,
    raw: { pendingActivities: [{ activityId: '7', heartbeatDetails: { payloads: [beat] } }] },
  } as unknown as WorkflowExecutionDescription;
  const link = (loadedDataConverter: LoadedDataConverter) =>
    ({
      namespace: 'default',
      client: { workflow: { options: { loadedDataConverter } } },
    }) as unknown as TemporalLink;
  expect((await readPending(link(converterWith(codec)), run)).progress).toEqual({
    phase: 'wait',
    percent: 40,
  });
  await expect(readPending(link(defaultDataConverter), run)).rejects.toThrow(HistoryUnreadable);
});
