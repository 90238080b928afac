import { Agent, request } from 'undici';
import { omitUndefined } from '../../src/contract/omit-undefined';
import type { SimulatedSite } from '../../test/environment/processes';

/** What a script of a few lines has: one login, kept connections, no parsing beyond what it needs. */
export interface ApplianceSession {
  taskStatus(taskId: string): Promise<string>;
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
  close(): Promise<void>;
}

type Account = Pick<SimulatedSite, 'applianceUrl' | 'vcenterUrl' | 'username' | 'password'>;

/** A session on the appliance or on vCenter. Bounded by undici's own time-outs. */
export async function openSession(
  { applianceUrl, vcenterUrl, username, password }: Account,
  host: 'appliance' | 'vcenter' = 'appliance',
): Promise<ApplianceSession> {
  const url = host === 'appliance' ? applianceUrl : vcenterUrl;
  const login = host === 'appliance' ? '/api/snapservice/sessions' : '/api/session';
  const dispatcher = new Agent({ connections: 8 });
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  const reply = await request(`${url}${login}`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    dispatcher,
  });
  if (reply.statusCode >= 300) throw new Error(`login at ${url}: ${reply.statusCode}`);
  const token = (await reply.body.json()) as string;
  const call = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> => {
    const answer = await request(`${url}${path}`, {
      method,
      dispatcher,
      headers: { 'vmware-api-session-id': token, 'content-type': 'application/json' },
      ...omitUndefined({ body: body === undefined ? undefined : JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    taskStatus: async (taskId) =>
      ((await call('GET', `/api/snapservice/tasks/${encodeURIComponent(taskId)}`)) as { status: string })
        .status,
    close: () => dispatcher.close(),
  };
}
