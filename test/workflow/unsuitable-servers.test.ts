import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningSimulator } from '../../src/simulator/running-simulator';
import { startSimulator } from '../../src/simulator/start-simulator';
import { Control } from '../rig/control';
import { expectSentence } from '../rig/expect-sentence';
import { failureOf } from '../rig/failure-of';
import { startRig, type Rig } from '../rig/start-rig';

/** A clock may be set right meanwhile, so it is asked eleven times, one to two minutes, before that is final. */
jest.setTimeout(240_000);

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
let skewed: RunningSimulator;
const servers = new Map<string, Server>();

beforeAll(async () => {
  for (const [key, version] of Object.entries(RELEASES)) servers.set(key, await startAboutServer(version));
  skewed = await startSimulator({ release: '8.0.3.0', clockSkewMs: -12 * 60_000 });
  const { vcenterUrl, applianceUrl, username, password } = skewed;
  rig = await startRig({
    alsoConnected: () => ({
      ...Object.fromEntries([...servers].map(([key, server]) => [key, { applianceUrl: urlOf(server) }])),
      skewed: { vcenterUrl, applianceUrl, username, password },
    }),
  });
});

afterAll(async () => {
  await rig.stop();
  await skewed.stop();
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

test('an appliance whose clock is behind by more than an assertion forgives is refused, naming both clocks', async () => {
  const { type, exitCode, message } = await failWith('skewed');
  expect({ type, exitCode, message }).toMatchObject({ type: 'Unauthenticated', exitCode: 4 });
  expectSentence(message, 'the clock of the snapshot appliance is 1', 'min', "behind vCenter's");
  const control = new Control(skewed.controlUrl);
  expect(await control.ledger()).toEqual([]);
  // One assertion for each attempt at most: a clock is no reason to log in again and again.
  expect((await control.calls()).calls['sts.issue']).toBeLessThanOrEqual(6);
});
