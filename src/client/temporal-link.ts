import type { Client } from '@temporalio/client';

/** A connected client and where it leads. */
export interface TemporalLink {
  readonly client: Client;
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Things worth saying that are no failure, one sentence each. */
  readonly notice: (sentence: string) => void;
}
