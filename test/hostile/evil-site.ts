import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** Writes what it likes once the request's head has come. */
export type Evil = (socket: Socket) => void;

export interface EvilSite {
  readonly url: string;
  /** Answers everything but the login and the look at the release, unless `everything`. */
  evil: Evil;
  everything: boolean;
  /** Everything that was received since the last `forget`. */
  received(): string;
  forget(): void;
  stop(): Promise<void>;
}

/** A server below HTTP: every byte of its answers is the test's. */
export async function startEvilSite(): Promise<EvilSite> {
  let received = '';
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let head = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      head += text;
      if (!head.includes('\r\n\r\n')) return;
      const [, method = '', path = ''] = /^(\S+) (\S+)/.exec(head) ?? [];
      head = '';
      const usual = site.everything ? undefined : usualAnswer(method, path);
      if (usual === undefined) site.evil(socket);
      else socket.write(usual);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const site: EvilSite = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    evil: (socket) => void socket.destroy(),
    everything: false,
    received: () => received,
    forget: () => void (received = ''),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return site;
}

export const SESSION = 'session-of-the-evil-site';

function usualAnswer(method: string, path: string): string | undefined {
  const isSession = path === '/api/session' || path === '/api/snapservice/sessions';
  if (isSession && method === 'POST') return answer(201, JSON.stringify(SESSION));
  if (isSession && method === 'DELETE') return 'HTTP/1.1 204 No Content\r\n\r\n';
  return path === '/api/snapservice/info/about' ? answer(200, '{"version":"9.1.0.0"}') : undefined;
}

export const answer = (
  status: number,
  body: string,
  headers = 'content-type: application/json\r\n',
): string => `HTTP/1.1 ${status} So\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
