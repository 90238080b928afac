import type { NativeConnection, Worker } from '@temporalio/worker';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SettingInvalid } from '../client/temporal-settings';
import type { HealthConfig } from './config-types';

/** Supervisors and one or two people. More is a mistake. */
const MAX_CONNECTIONS = 50;
/** A probe is one short line. */
const REQUEST_WITHIN_MS = 5_000;

export interface HealthServer {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `GET /livez` (200 while the process answers at all) and `GET /readyz` (200 when `whyNotReady` gives nothing,
 * else 503 with its words).
 * @throws SettingInvalid when the port cannot be listened on
 */
export async function startHealthServer(
  { host, port }: HealthConfig,
  whyNotReady: () => Promise<string | undefined>,
): Promise<HealthServer> {
  const server = createServer({ requestTimeout: REQUEST_WITHIN_MS }, ({ method, url = '' }, response) => {
    const path = url.split('?', 1)[0];
    if (method !== 'GET') answer(response, 405, 'only GET is served');
    else if (path === '/livez') answer(response, 200, 'ok');
    else if (path === '/readyz')
      void whyNotReady().then((why) => answer(response, why === undefined ? 200 : 503, why ?? 'ok'));
    else answer(response, 404, 'only /livez and /readyz are served');
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw refused(host, port, error as NodeJS.ErrnoException);
  }
  return {
    host,
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A kept connection would hold the process at its end. */
function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${text}\n`);
}

function refused(host: string, port: number, error: NodeJS.ErrnoException): SettingInvalid {
  const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${error.code})`;
  return new SettingInvalid(
    `SNAPFLOW_HEALTH_PORT is ${port}, which ${why} on ${host}: choose another, or 0 for a free one.`,
    { cause: error },
  );
}

/** A probe has seconds to answer. A server that takes longer for its shortest call is of no use. */
const ANSWER_WITHIN_MS = 1_000;
/** However many probes ask, the server is asked at most this often. */
const ASK_EVERY_MS = 1_000;

/** Whether this process takes and finishes work now. Everything it needs is told to it as it comes up. */
export class Readiness {
  #temporal: { readonly connection: NativeConnection; readonly namespace: string } | undefined;
  #workers: readonly Worker[] = [];
  #lastAnswer: { readonly atMs: number; readonly why: Promise<string | undefined> } | undefined;

  connected(connection: NativeConnection, namespace: string): void {
    this.#temporal = { connection, namespace };
  }

  created(workers: readonly Worker[]): void {
    this.#workers = workers;
  }

  /** Why not, in a few words. Undefined when ready. */
  async refusal(): Promise<string | undefined> {
    if (this.#temporal === undefined) return 'not connected to Temporal yet';
    if (this.#workers.length === 0) return 'starting';
    const other = this.#workers.find((worker) => worker.getState() !== 'RUNNING');
    if (other !== undefined) return `worker ${other.options.taskQueue} is ${other.getState()}`;
    return this.#temporalSilent();
  }

  #temporalSilent(): Promise<string | undefined> {
    const nowMs = performance.now();
    if (this.#lastAnswer === undefined || nowMs - this.#lastAnswer.atMs >= ASK_EVERY_MS)
      this.#lastAnswer = { atMs: nowMs, why: this.#ask() };
    return this.#lastAnswer.why;
  }

  async #ask(): Promise<string | undefined> {
    const { connection, namespace } = this.#temporal!;
    const ask = () => connection.workflowService.describeNamespace({ namespace });
    try {
      await connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, ask);
      return undefined;
    } catch (error) {
      // Somebody answered: an account may poll without being allowed to read the namespace.
      return /permission/i.test((error as Error).message) ? undefined : 'Temporal does not answer';
    }
  }
}
