import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A front end that knows every secret which passes it, and may repeat them in its errors. */
export interface EchoProxy {
  readonly url: string;
  /** Session ids and credentials that passed. */
  readonly secrets: ReadonlySet<string>;
  /**
   * From now on calls whose path matches are answered with this status, and an error that repeats their secrets, and those
   * of every call before as they are written; a header repeats them in every form.
   */
  echo(path: RegExp | undefined, status?: number, errorType?: string, written?: readonly Write[]): void;
  stop(): Promise<void>;
}

type Write = (secret: string) => string;

/** How a server may write what it was told, besides raw. */
export const WRITTEN: readonly Write[] = [
  (secret) => Buffer.from(secret).toString('base64'),
  encodeURIComponent,
  (secret) => Buffer.from(secret).toString('hex'),
  (secret) => JSON.stringify(secret).slice(1, -1),
];

const SESSION = 'vmware-api-session-id';

/** `target` is asked at each call: the proxy may be there before what it stands in front of. */
export async function startEchoProxy(target: () => string): Promise<EchoProxy> {
  const secrets = new Set<string>();
  const plain = new Set<string>();
  let rule: Rule | undefined;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const own = [request.headers[SESSION], request.headers.authorization].filter(
      (value): value is string => typeof value === 'string',
    );
    for (const secret of own) {
      secrets.add(secret.replace(/^Basic /, ''));
      plain.add(passwordIn(secret));
    }
    const url = request.url ?? '/';
    if (rule?.path.test(url)) return refuse(response, rule, own, [...plain]);
    const body = await text(request);
    const reply = await fetch(`${target()}${url}`, {
      method: request.method ?? 'GET',
      headers: Object.fromEntries(
        ['accept', 'content-type', 'authorization', 'x-request-id', SESSION].flatMap((name) => {
          const value = request.headers[name];
          return typeof value === 'string' ? [[name, value]] : [];
        }),
      ),
      ...(body === '' ? {} : { body }),
    });
    const session = reply.headers.get(SESSION);
    if (session !== null) secrets.add(session);
    const type = reply.headers.get('content-type');
    response.writeHead(reply.status, {
      ...(type === null ? {} : { 'content-type': type }),
      ...(session === null ? {} : { [SESSION]: session }),
    });
    response.end(await reply.text());
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secrets,
    echo: (path, status = 500, errorType = 'INTERNAL_SERVER_ERROR', written = []) => {
      rule = path === undefined ? undefined : { path, status, errorType, written };
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => undefined);
    },
  };
}

/** The password of Basic credentials; a session as it is. */
const passwordIn = (header: string): string =>
  header.startsWith('Basic ')
    ? Buffer.from(header.slice('Basic '.length), 'base64')
        .toString('utf8')
        .replace(/^[^:]*:/, '')
    : header;

interface Rule {
  readonly path: RegExp;
  readonly status: number;
  readonly errorType: string;
  readonly written: readonly Write[];
}

function refuse(
  response: ServerResponse,
  { status, errorType, written }: Rule,
  own: readonly string[],
  plain: readonly string[],
): void {
  const decoded = own.map((secret) => Buffer.from(secret.replace(/^Basic /, ''), 'base64').toString('utf8'));
  const inForms = (forms: readonly Write[]) => forms.flatMap((write) => plain.map(write));
  const words = [...own, ...decoded.filter((each) => each.includes('@')), ...inForms(written)].join(' and ');
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-echoed': inForms(WRITTEN).join(' and '),
  });
  response.end(
    JSON.stringify({
      error_type: errorType,
      messages: [{ id: 'x', default_message: `echoed: ${words}`, args: [] }],
    }),
  );
}
