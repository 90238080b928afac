import { randomUUID } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';

/** Makes payloads that no converter reads, each with a nonce. */
export const SEALING: PayloadCodec = {
  encode: async (payloads) =>
    payloads.map(({ metadata, data }) => ({
      metadata: { encoding: Buffer.from('binary/sealed'), inner: metadata?.['encoding'] ?? Buffer.of() },
      data: Buffer.concat([Buffer.from(randomUUID()), data ?? Buffer.of()]),
    })),
  decode: async (payloads) =>
    payloads.map(({ metadata, data }): Payload => ({
      metadata: { encoding: metadata?.['inner'] ?? Buffer.of() },
      data: data?.subarray(randomUUID().length) ?? Buffer.of(),
    })),
};
