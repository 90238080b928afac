import { once } from 'node:events';
import { createServer, request as call } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands in front of a host and writes down the first line of every request, as its bytes were. */
export interface RecordingProxy {
  readonly url: string;
  /** `GET /api/vcenter/vm?names=web-01`, in the order of their coming. */
  readonly lines: string[];
  /** Of every request so far. */
  readonly headerNames: ReadonlySet<string>;
  stop(): Promise<void>;
}

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const { hostname, port } = new URL(target);
  const lines: string[] = [];
  const headerNames = new Set<string>();
  const server = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request;
    lines.push(`${method} ${path}`);
    for (const name of Object.keys(headers)) headerNames.add(name);
    const onward = call({ hostname, port, method, path, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines,
    headerNames,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
