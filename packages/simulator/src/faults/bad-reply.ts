import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Reply } from '../http/operation';
import type { Scheduler } from '../world/clock';
import type { GATEWAY_BODIES, ReplacingAction } from './fault-rules';

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
  readonly errorBody: (errorType: string, messageId?: string) => unknown;
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

const page = (title: string): string =>
  `<html><head><title>${title}</title></head><body>${title}</body></html>`;

/** Sends the reply with these bytes and headers in place of its own. */
function resend({ response, reply }: Wire, bytes: Buffer, headers: Record<string, string>): void {
  response.writeHead(reply?.status ?? 200, { 'content-type': 'application/json', ...headers }).end(bytes);
}

const OWN_REPLIES: Record<Own, (wire: Wire) => void> = {
  reset: ({ reset }) => reset(),
  html: ({ response }) => {
    response.writeHead(502, { 'content-type': 'text/html' });
    response.end(page('502 Bad Gateway'));
  },
  truncate,
  huge,
  drip,
  redirect: ({ response, url }) => void response.writeHead(307, { location: url }).end(),
  gzip: (wire) => resend(wire, gzipSync(bodyText(wire)), { 'content-encoding': 'gzip' }),
  bom: (wire) => resend(wire, Buffer.from(`\uFEFF${bodyText(wire)}`), {}),
};

/** An error as `/rest` wrote it before `/api`: no `error_type`, so it says nothing in the words of this API. */
const LEGACY = JSON.stringify({
  type: 'com.vmware.vapi.std.errors.service_unavailable',
  value: { messages: [{ id: 'x', default_message: 'Injected fault.', args: [] }] },
});

const GATEWAY_REPLIES: Record<
  (typeof GATEWAY_BODIES)[number],
  (status: number) => { readonly type?: string; readonly text: string }
> = {
  text: () => ({ type: 'text/plain', text: 'upstream error' }),
  empty: () => ({ text: '' }),
  html: (status) => ({ type: 'text/html', text: page(`${status} answered by a gateway`) }),
  legacy: () => ({ type: 'application/json', text: LEGACY }),
};

/** Answers as the action says instead of with the operation's own reply. */
export function sendBadReply(action: ReplacingAction, wire: Wire): void {
  if (typeof action === 'string') return OWN_REPLIES[action](wire);
  const { status, errorType, messageId, body = 'text', retryAfter } = action;
  const { type, text } =
    errorType === undefined
      ? GATEWAY_REPLIES[body](status)
      : { type: 'application/json', text: JSON.stringify(wire.errorBody(errorType, messageId)) };
  wire.response
    .writeHead(status, {
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    })
    .end(status === 204 ? '' : text);
}
