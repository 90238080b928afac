import { omitUndefined } from '../../../../src/contract/omit-undefined';
/** The simulator's control calls. */
export const control =
  (controlUrl: string) =>
  async <T = unknown>(method: string, path: string, body?: unknown): Promise<T> => {
    const reply = await fetch(controlUrl + path, {
      method,
      ...omitUndefined({
        body: body === undefined ? undefined : JSON.stringify(body),
        headers: body === undefined ? undefined : { 'content-type': 'application/json' },
      }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`control ${method} ${path}: ${reply.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
export type Control = ReturnType<typeof control>;
