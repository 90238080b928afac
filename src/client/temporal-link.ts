import type { Client } from '@temporalio/client';
import type { CallsInFlight } from './calls-in-flight';

/** A connected client and where it leads. */
export interface TemporalLink {
  readonly client: Client;
  readonly calls: CallsInFlight;
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Things worth saying that are no failure, one sentence each. */
  readonly notice: (sentence: string) => void;
}
