import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import type { TemporalSettings } from '../config/temporal-settings';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/**
 * Connects to the Temporal server and makes sure that the namespace is there. The SDK does not retry a first connection,
 * so this does, with jitter, within the budget; then it throws one sentence that names the address and the remedy.
 */
export async function connectNative(
  { namespace, ...server }: TemporalSettings,
  budgetMs: number,
  say: (line: string) => void,
): Promise<NativeConnection> {
  const { address } = server;
  const until = performance.now() + budgetMs;
  for (let attempt = 0; ; attempt++) {
    try {
      const connection = await NativeConnection.connect(server);
      await assertNamespace(connection, namespace, address);
      return connection;
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
    `TEMPORAL_ADDRESS: no Temporal server answers at ${address} (tried for ${Math.round(budgetMs / 1000)} s): start one, or correct the address and the TLS settings.`,
    { cause },
  );
