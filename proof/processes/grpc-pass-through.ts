import { once } from 'node:events';
import {
  connect,
  createServer,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { omitUndefined } from '../../src/contract/omit-undefined';
import { grpcBody, grpcMessage } from './grpc-message';
import type { Rpc, RpcAnswer, RpcRule } from './rpc';
import { RpcRules, type PlantedRule } from './rpc-rules';

/** Stands before a Temporal server: every call goes through, unless a rule holds, loses or answers it. */
export interface GrpcPassThrough {
  /** `host:port` for clients. */
  readonly address: string;
  readonly add: (rule: RpcRule) => PlantedRule;
  /** Ends every connection and the listener. */
  readonly stop: () => Promise<void>;
}

interface Reply {
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
  /** Absent where the server answered with headers alone. */
  readonly trailers?: OutgoingHttpHeaders;
}

/** Every call of Temporal's API is unary, so request and answer are read whole before they go on. */
export async function startGrpcPassThrough(target: string): Promise<GrpcPassThrough> {
  const rules = new RpcRules();
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on('session', (session) => {
    const upstream = linkUpstream(target, session);
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
    session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      stream.on('error', () => undefined);
      pass(rules, upstream, stream, headers).catch(() => session.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (rule) => rules.add(rule),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

/** One connection behind each one in front: they end together, so that the server sees its pollers go. */
function linkUpstream(target: string, session: ServerHttp2Session): ClientHttp2Session {
  const upstream = connect(`http://${target}`);
  upstream.on('error', () => session.destroy());
  upstream.once('close', () => session.destroy());
  session.once('close', () => upstream.destroy());
  return upstream;
}

async function pass(
  rules: RpcRules,
  upstream: ClientHttp2Session,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): Promise<void> {
  const body = await readAll(stream);
  const rpc: Rpc = { method: methodOf(headers), request: grpcMessage(body) };
  if (!passedOn(await rules.decide('before', rpc), stream)) return;
  const reply = await forward(upstream, stream, headers, body);
  const isSuccess = (reply.trailers ?? reply.headers)['grpc-status'] === '0';
  const answered = isSuccess ? { ...rpc, response: grpcMessage(reply.body) } : rpc;
  if (!passedOn(await rules.decide('after', answered), stream)) return;
  if (!stream.destroyed) send(stream, reply);
}

const methodOf = (headers: IncomingHttpHeaders): string => String(headers[':path']).replace(/^.*\//, '');

/** Does what a rule answered instead of the call; true when the call goes on. */
function passedOn(answer: RpcAnswer, stream: ServerHttp2Stream): boolean {
  if (answer === 'go-on') return true;
  if (answer === 'lost') stream.session?.destroy();
  else if (stream.destroyed) return false;
  else if ('response' in answer) {
    const headers = { ':status': 200, 'content-type': 'application/grpc' };
    send(stream, { headers, body: grpcBody(answer.response), trailers: { 'grpc-status': '0' } });
  } else {
    stream.respond(
      {
        ':status': 200,
        'content-type': 'application/grpc',
        'grpc-status': String(answer.grpcStatus),
        'grpc-message': encodeURI(answer.message),
      },
      { endStream: true },
    );
  }
  return false;
}

async function forward(
  upstream: ClientHttp2Session,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<Reply> {
  const call = upstream.request(headers);
  // A caller that gave up must not leave a long poll behind, or a task would be delivered to nobody.
  stream.once('close', () => call.destroy());
  call.end(body);
  let trailers: IncomingHttpHeaders | undefined;
  call.once('trailers', (sent: IncomingHttpHeaders) => (trailers = sent));
  const [replyHeaders] = (await once(call, 'response')) as [IncomingHttpHeaders];
  const replyBody = await readAll(call);
  return { headers: replyHeaders, body: replyBody, ...omitUndefined({ trailers }) };
}

function send(stream: ServerHttp2Stream, { headers, body, trailers }: Reply): void {
  if (trailers === undefined) {
    stream.respond(headers, { endStream: true });
    return;
  }
  stream.once('wantTrailers', () => stream.sendTrailers(trailers));
  stream.respond(headers, { waitForTrailers: true });
  stream.end(body);
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
