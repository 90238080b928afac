import { setTimeout as sleep } from 'node:timers/promises';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';

export interface TemporalNative {
  readonly connection: NativeConnection;
  readonly namespace: string;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/**
 * Connects with Temporal's own env configuration. The SDK does not retry a first connection, so this does, with jitter,
 * within the budget; then it throws one sentence that names the address and the remedy.
 */
export async function connectNative(budgetMs: number, say: (line: string) => void): Promise<TemporalNative> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const address = connectionOptions.address ?? 'localhost:7233';
  const until = performance.now() + budgetMs;
  for (let attempt = 0; ; attempt++) {
    try {
      const connection = await NativeConnection.connect(connectionOptions);
      await assertNamespace(connection, namespace ?? 'default', address);
      return { connection, namespace: namespace ?? 'default' };
    } catch (error) {
      if (error instanceof NamespaceMissing) throw error;
      const delayMs = Math.min(FIRST_RETRY_MS * 2 ** attempt, LONGEST_RETRY_MS) * (0.5 + Math.random() / 2);
      if (performance.now() + delayMs > until) throw unreachable(address, budgetMs, error);
      if (attempt === 0)
        say(`no Temporal server at ${address} yet; trying for ${Math.round(budgetMs / 1000)} s`);
      await sleep(delayMs);
    }
  }
}

class NamespaceMissing extends Error {}

async function assertNamespace(
  connection: NativeConnection,
  namespace: string,
  address: string,
): Promise<void> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    await connection.close();
    if (!/not found/i.test((error as Error).message)) throw error;
    throw new NamespaceMissing(
      `TEMPORAL_NAMESPACE: namespace "${namespace}" does not exist on ${address}: create it, or name another.`,
    );
  }
}

const unreachable = (address: string, budgetMs: number, cause: unknown): Error =>
  new Error(
    `TEMPORAL_ADDRESS: no Temporal server answers at ${address} (tried for ${Math.round(budgetMs / 1000)} s): start one, or set the address.`,
    { cause },
  );
