import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that answers paths as told, and every other one with 404. */
export interface PlantedServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

type Replies = Readonly<Record<string, unknown>>;

async function start(replies: Replies, clockOffsetMs = 0): Promise<PlantedServer> {
  const server = createServer((request, response) => {
    const reply = replies[request.url ?? ''];
    const date = new Date(Date.now() + clockOffsetMs).toUTCString();
    response.writeHead(reply === undefined ? 404 : 200, { date, 'content-type': 'application/json' });
    response.end(JSON.stringify(reply ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

/** An appliance that tells its release, and knows nothing else. */
export const startAppliance = (version: string): Promise<PlantedServer> =>
  start({ '/api/snapservice/info/about': { version } });

/** A vCenter that tells who it is, with a clock of its own, and knows nothing else. */
export const startVcenter = (clockOffsetMs: number): Promise<PlantedServer> =>
  start(
    {
      '/api/vcenter/system?action=hello': { api_release: '9.1.0.0' },
      '/sdk/vim25/9.1.0.0/ServiceInstance/ServiceInstance/content': {
        about: { version: '9.1.0' },
        sessionManager: { type: 'SessionManager', value: 'SessionManager' },
        authorizationManager: { type: 'AuthorizationManager', value: 'AuthorizationManager' },
      },
    },
    clockOffsetMs,
  );
