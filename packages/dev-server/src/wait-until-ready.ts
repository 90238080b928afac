import { Connection } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChildGroup } from './child-group';

/** In memory a server is ready within two seconds; a large database file on a busy machine takes longer. */
const LIMIT_MS = 60_000;
const CALL_LIMIT_MS = 2_000;
const POLL_MS = 100;

async function isReady(address: string, namespace: string, attributes: readonly string[]): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: CALL_LIMIT_MS });
  try {
    return await connection.withDeadline(Date.now() + CALL_LIMIT_MS, async () => {
      await connection.workflowService.describeNamespace({ namespace });
      const known = await connection.operatorService.listSearchAttributes({ namespace });
      return attributes.every((name) => name in (known.customAttributes ?? {}));
    });
  } finally {
    await connection.close();
  }
}

/**
 * Resolves when the child itself listens (it says so on stdout only after its listeners are up, so that another server on
 * the same port is not taken for it) and answers for the namespace with all search attributes.
 *
 * @returns `false` when the child ended before that.
 * @throws Error after a minute.
 */
export async function waitUntilReady(
  child: ChildGroup,
  address: string,
  namespace: string,
  attributes: readonly string[],
): Promise<boolean> {
  const giveUpAt = performance.now() + LIMIT_MS;
  let reason = 'it did not say that it listens';
  while (performance.now() < giveUpAt) {
    if (child.hasEnded()) return false;
    try {
      if (child.output().includes('Server:') && (await isReady(address, namespace, attributes))) return true;
    } catch (error) {
      reason = (error as Error).message;
    }
    await delay(POLL_MS);
  }
  throw new Error(`The Temporal server at ${address} was not ready within ${LIMIT_MS / 1000} s: ${reason}`);
}
