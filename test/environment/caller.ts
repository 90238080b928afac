import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import * as here from '../../src/client';
import { omitUndefined } from '../../src/contract/omit-undefined';

export interface TemporalAddress {
  /** `host:port` for gRPC. */
  readonly address: string;
  /** `default` where it is left out. */
  readonly namespace?: string;
}

/** What talks to Temporal from this process. */
export interface Caller {
  readonly snapflow: here.Snapflow;
  /** Beside the product. */
  readonly temporal: Client;
  readonly close: () => Promise<void>;
}

/** `build`: folder of another checkout, whose library is the caller. */
export async function connectCaller(
  { address, namespace = 'default' }: TemporalAddress,
  taskQueue?: string,
  build?: string,
): Promise<Caller> {
  const { Snapflow } =
    build === undefined ? here : (require(join(build, 'dist', 'client', 'index.js')) as typeof here);
  const connection = await Connection.connect({ address });
  const snapflow = await Snapflow.connect({
    address,
    namespace,
    ...omitUndefined({ taskQueue }),
  });
  return {
    snapflow,
    temporal: new Client({ connection, namespace }),
    close: async () => {
      await snapflow.close();
      await connection.close();
    },
  };
}
