import { defaultPayloadConverter, type Payload } from '@temporalio/common';

/** The value of a payload; undefined of none. */
export const decoded = (payload: Payload | null | undefined): unknown =>
  payload === undefined || payload === null ? undefined : defaultPayloadConverter.fromPayload(payload);
