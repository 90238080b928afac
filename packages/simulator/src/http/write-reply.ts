import type { ServerResponse } from 'node:http';
import type { Reply } from './operation';

/** Writes a reply as JSON, unless the caller is gone. */
export function writeReply(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  const text = reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body));
  const entity = reply.body === undefined ? {} : { 'content-type': 'application/json' };
  const length = reply.status === 204 ? {} : { 'content-length': Buffer.byteLength(text) };
  response.writeHead(reply.status, { ...reply.headers, ...entity, ...length }).end(text);
}
