import type { ServerResponse } from 'node:http';
import type { Reply } from '../http/operation';
import type { Scheduler } from '../world/scheduler';
import type { ReplacingAction } from './fault-action';

/** Far above what a client should read of any reply, far below what hurts a test machine. */
const HUGE_BYTES = 64 * 1024 * 1024;
const HUGE_CHUNK = Buffer.alloc(64 * 1024, 'x');
/** One byte per interval keeps an idle time-out from firing; only a total deadline ends it. */
const DRIP_INTERVAL_MS = 250;

interface Wire {
  readonly response: ServerResponse;
  readonly scheduler: Scheduler;
  /** What the operation answered; undefined when it was not reached. */
  readonly reply: Reply | undefined;
  /** Absolute URL of the call, for a redirect to itself. */
  readonly url: string;
  /** Cuts the connection off with a TCP reset. */
  readonly reset: () => void;
  readonly errorBody: (errorType: string) => unknown;
}

type Own = Exclude<ReplacingAction, object>;

function bodyText({ reply }: Wire): string {
  return reply?.text ?? JSON.stringify(reply?.body ?? { note: 'the operation was not reached' });
}

function truncate(wire: Wire): void {
  const text = bodyText(wire);
  const { response } = wire;
  response.writeHead(wire.reply?.status ?? 200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.write(text.slice(0, Math.max(1, Math.floor(text.length / 2))), () => response.destroy());
}

function huge({ response, reply }: Wire): void {
  response.writeHead(reply?.status ?? 200, { 'content-type': 'application/json' });
  let sentBytes = 0;
  const pump = (): void => {
    while (!response.destroyed && sentBytes < HUGE_BYTES) {
      sentBytes += HUGE_CHUNK.length;
      if (!response.write(HUGE_CHUNK)) return void response.once('drain', pump);
    }
    if (!response.destroyed) response.end('"');
  };
  response.write('"');
  pump();
}

function drip(wire: Wire): void {
  const { response, scheduler } = wire;
  const text = bodyText(wire);
  response.writeHead(wire.reply?.status ?? 200, { 'content-type': 'application/json' });
  const send = (index: number): void => {
    if (response.destroyed) return;
    if (index >= text.length) return void response.end();
    response.write(text[index]);
    scheduler.after(DRIP_INTERVAL_MS, () => send(index + 1));
  };
  send(0);
}

const OWN_REPLIES: Record<Own, (wire: Wire) => void> = {
  reset: ({ reset }) => reset(),
  html: ({ response }) => {
    response.writeHead(502, { 'content-type': 'text/html' });
    response.end('<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>');
  },
  truncate,
  huge,
  drip,
  redirect: ({ response, url }) => void response.writeHead(307, { location: url }).end(),
};

/** Answers as the action says instead of with the operation's own reply. */
export function sendBadReply(action: ReplacingAction, wire: Wire): void {
  if (typeof action === 'string') return OWN_REPLIES[action](wire);
  const { status, errorType } = action;
  if (errorType === undefined) {
    wire.response
      .writeHead(status, { 'content-type': 'text/plain' })
      .end(status === 204 ? '' : 'upstream error');
    return;
  }
  const body = JSON.stringify(wire.errorBody(errorType));
  wire.response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
