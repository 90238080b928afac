import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTcpPassThrough, type TcpPassThrough } from '../../../proof/processes/tcp-pass-through';
import { omitUndefined } from '../../../src/contract/omit-undefined';

describe('a host behind the pass-through', () => {
  let host: Server;
  let link: TcpPassThrough;
  const get = (signal?: AbortSignal) =>
    fetch(link.url, { headers: { connection: 'close' }, ...omitUndefined({ signal }) });

  beforeEach(async () => {
    host = createServer((_request, response) => response.end('served')).listen(0, '127.0.0.1');
    await once(host, 'listening');
    link = await startTcpPassThrough(`http://127.0.0.1:${(host.address() as AddressInfo).port}`);
  });

  afterEach(async () => {
    await link.stop();
    host.close();
  });

  test('without a fault: served', async () => {
    expect(await (await get()).text()).toBe('served');
    expect(link.struck()).toBe(0);
  });

  test('connections that are refused: so many fail, the next one is served', async () => {
    link.strike('refuse', 2);
    await expect(get()).rejects.toThrow();
    await expect(get()).rejects.toThrow();
    expect(await (await get()).text()).toBe('served');
    expect(link.struck()).toBe(2);
  });

  test('a connection that stalls: nothing comes until its caller gives up', async () => {
    link.strike('stall', 1);
    await expect(get(AbortSignal.timeout(200))).rejects.toThrow();
    expect(await (await get()).text()).toBe('served');
  });
});
