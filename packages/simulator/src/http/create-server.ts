/*
 * HTTP for all simulated hosts.
 *
 * create-server.ts     one server, with TLS, and its connections
 * serve-operations.ts  operations as routes
 * serve-call.ts        one call: faults, authentication, answer, count
 * operation.ts         what an operation is, and its name
 * authenticate.ts      who a call is from
 * read-request.ts      query, session and bounded body of a request
 * errors.ts            errors of the REST API and faults of VI/JSON
 */
import type { Socket, Server } from 'node:net';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { ServerCertificate } from '../certificates';
import { unknownPathBody, vapiErrorBody } from './errors';

/** Front ends stop at about 8 KiB of request line. */
const MAX_REQUEST_LINE_BYTES = 8 * 1024;
/** Above the request line's limit, so that a long line gets its own answer and not a parser's. */
const MAX_HEADER_BYTES = 64 * 1024;
/** No documented body comes near this. */
const MAX_BODY_BYTES = 1024 * 1024;
/** Task ids are the longest path parameters. */
const MAX_PARAM_LENGTH = 1000;

const TOO_LONG = '<html><head><title>414 Request-URI Too Large</title></head><body>414</body></html>';

/** The header block did not fit: answered by hand, since no request was parsed. */
function refuseOverflow(error: Error & { code?: string }, socket: Socket): void {
  if (socket.destroyed || !socket.writable) return;
  const [status, text] =
    error.code === 'HPE_HEADER_OVERFLOW' ? ['414 URI Too Long', TOO_LONG] : ['400 Bad Request', ''];
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/html\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`,
  );
}

function refuseLongRequestLine(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const line = `${request.method} ${request.raw.url} HTTP/1.1`;
    if (line.length > MAX_REQUEST_LINE_BYTES) await reply.code(414).type('text/html').send(TOO_LONG);
  });
}

function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    request.raw.url?.startsWith('/sdk/') ? reply.code(404).send() : reply.code(404).send(unknownPathBody()),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    const type = status < 500 ? 'INVALID_REQUEST' : 'INTERNAL_SERVER_ERROR';
    return reply.code(status).send(vapiErrorBody(type, error.message));
  });
}

/** A fastify server that hands every body on as text, an empty one included, and bounds what it reads. */
export function createServer(certificate: ServerCertificate | undefined): FastifyInstance {
  const shared = {
    bodyLimit: MAX_BODY_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    clientErrorHandler: refuseOverflow,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
  };
  const app = (
    certificate
      ? fastify({ ...shared, https: { ...certificate, maxHeaderSize: MAX_HEADER_BYTES } })
      : fastify({ ...shared, http: { maxHeaderSize: MAX_HEADER_BYTES } })
  ) as FastifyInstance;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  refuseLongRequestLine(app);
  answerErrors(app);
  return app;
}

/** Who is at the other end; unique among the connections that one server has open. */
function peer({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** The TCP sockets of a server: over TLS a response has another one, which cannot be reset. */
export class RawSockets {
  private readonly byPeer = new Map<string, Socket>();

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const key = peer(socket);
      this.byPeer.set(key, socket);
      socket.once('close', () => {
        if (this.byPeer.get(key) === socket) this.byPeer.delete(key);
      });
    });
  }

  /** Ends the connection under this socket with a TCP reset. */
  reset(socket: Socket | null): void {
    const raw = socket && this.byPeer.get(peer(socket));
    if (raw && !raw.destroyed) raw.resetAndDestroy();
    socket?.destroy();
  }
}
