import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** One call as the site received it. */
export interface SeenCall {
  readonly method: string;
  /** Path and query as they were on the wire. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Number of the connection, from 1. */
  readonly connection: number;
}

export type Answer = (call: SeenCall, response: ServerResponse) => void;

/** A vCenter and an appliance of 9.1 on one loopback port: release and sessions work by themselves, the rest is up to the test. */
export interface LoopbackSite {
  readonly url: string;
  readonly calls: SeenCall[];
  /** Calls other than login, logout and the look at the release. */
  work(): SeenCall[];
  logins(): SeenCall[];
  connections(): number;
  /** Connections that resumed an earlier TLS session. */
  resumed(): number;
  /** How each connection ended: by a reset, or closed in order. */
  readonly ends: ('reset' | 'closed')[];
  /** Takes over login and logout too. */
  onSession?: Answer;
  answer: Answer;
  /** The look at the release is up to the test too. */
  answersAbout?: boolean;
  /** Resets each new connection as soon as it is accepted. */
  refuseConnections: boolean;
  close(): Promise<void>;
}

const SESSION_PATHS = ['/api/session', '/api/snapservice/sessions'];

const ABOUT_PATH = '/api/snapservice/info/about';

export async function startLoopbackSite(
  answer: Answer,
  tls?: { key: string; cert: string },
  atPort = 0,
): Promise<LoopbackSite> {
  const calls: SeenCall[] = [];
  const numbers = new Map<Socket, number>();
  let resumed = 0;
  const ends: LoopbackSite['ends'] = [];
  const isLogin = (call: SeenCall): boolean => call.method === 'POST' && SESSION_PATHS.includes(call.url);
  const isLogout = (call: SeenCall): boolean => call.method === 'DELETE' && SESSION_PATHS.includes(call.url);
  const isAbout = (call: SeenCall): boolean =>
    call.url === ABOUT_PATH && call.headers['vmware-api-session-id'] === undefined;
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        connection: numbers.get(request.socket) ?? 0,
      };
      calls.push(call);
      if (isAbout(call) && !site.answersAbout) {
        return json(response, 200, { version: '9.1.0.0' });
      }
      if (!isLogin(call) && !isLogout(call)) return site.answer(call, response);
      if (site.onSession) return site.onSession(call, response);
      if (isLogout(call)) return void response.writeHead(204).end();
      json(response, 201, `session-${calls.filter(isLogin).length}`);
    });
  };
  const server: Server = tls ? createSecureServer(tls, onRequest) : createServer(onRequest);
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    numbers.set(socket, numbers.size + 1);
    if (site.refuseConnections) socket.resetAndDestroy();
    if (socket instanceof TLSSocket && socket.isSessionReused()) resumed += 1;
    let end: LoopbackSite['ends'][number] = 'closed';
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNRESET') end = 'reset';
    });
    socket.on('close', () => ends.push(end));
  });
  await new Promise<void>((resolve) => server.listen(atPort, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const site: LoopbackSite = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    calls,
    work: () => calls.filter((call) => !isLogin(call) && !isLogout(call) && !isAbout(call)),
    logins: () => calls.filter(isLogin),
    connections: () => numbers.size,
    resumed: () => resumed,
    ends,
    answer,
    refuseConnections: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return site;
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A vAPI error body. */
export function vapi(
  response: ServerResponse,
  status: number,
  errorType: string | undefined,
  text = 'so it is',
): void {
  json(response, status, { error_type: errorType, messages: [{ id: 'x', default_message: text, args: [] }] });
}
