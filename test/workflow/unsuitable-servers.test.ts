import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expectSentence } from '../rig/expect-sentence';
import { failureOf } from '../rig/failure-of';
import { startRig, type Rig } from '../rig/start-rig';

/** An appliance that tells its release, and knows nothing else. */
async function startAboutServer(version: string): Promise<Server> {
  const server = createServer((request, response) => {
    asked += 1;
    const isAbout = request.url === '/api/snapservice/info/about';
    response.writeHead(isAbout ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isAbout ? { version } : {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const RELEASES = { old: '8.0.2.0', ancient: '7.0.3.0', unread: 'VMware\u001B[31m' } as const;

let asked = 0;
let rig: Rig;
const servers = new Map<string, Server>();

beforeAll(async () => {
  for (const [key, version] of Object.entries(RELEASES)) servers.set(key, await startAboutServer(version));
  rig = await startRig({
    alsoConnected: () =>
      Object.fromEntries([...servers].map(([key, server]) => [key, { applianceUrl: urlOf(server) }])),
  });
});

afterAll(async () => {
  await rig.stop();
  for (const server of servers.values()) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const failWith = async (key: string) => {
  const connection = `${rig.connection}-${key}`;
  return failureOf(await rig.snapflow.clone({ connection, vm: 'web-01', snapshot: 'latest', name: 'ci-1' }));
};

test.each(Object.entries(RELEASES))(
  'an appliance of a release that is not supported (%s) is refused at once, naming it',
  async (key, version) => {
    const before = asked;
    const { type, exitCode, message } = await failWith(key);
    expect({ type, exitCode, message }).toMatchObject({ type: 'Rejected', exitCode: 3 });
    const shown = version.replace(/\W*\[.*/, '');
    expectSentence(
      message,
      `(connection ${rig.connection}-${key})`,
      `is of release ${shown}`,
      '8.0.3 and later',
    );
    expect(message).not.toContain('\u001B');
    expect(asked - before).toBe(1);
    expect(await rig.control.ledger()).toEqual([]);
  },
);
