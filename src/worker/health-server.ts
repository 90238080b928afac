import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HealthConfig } from '../config/worker-config';
import { SettingInvalid } from '../config/setting-invalid';

/** Supervisors and one or two people; more is a mistake. */
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
