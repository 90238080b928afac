import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { OptionError, parseSimulatorOptions } from '../../../packages/simulator/src/simulator-options';
import { SIMULATED_RELEASES } from '../../../packages/simulator/src/world/releases';
import { startSimulator } from '../../../packages/simulator/src/start-simulator';
import { RELEASES } from '../../../src/cli/commands/simulator';

const MAIN = join(__dirname, '../../../packages/simulator/dist/main.js');

async function refusal(args: string[]): Promise<string> {
  try {
    const running = await startSimulator(parseSimulatorOptions(args));
    await running.stop();
  } catch (error) {
    if (error instanceof OptionError) return error.message;
    throw error;
  }
  throw new Error(`${args.join(' ')} was accepted`);
}

function httpsStatus(url: string, caFile: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(url, { ca: readFileSync(caFile) }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.once('error', reject).end();
  });
}

test.each([
  [['--vcenter-port', '70000'], '--vcenter-port 70000'],
  [['--clone-ms', 'soon'], '--clone-ms soon'],
  [['--release', '7.0.3.0'], '--release 7.0.3.0'],
  [['--inventory', '/nowhere.json'], '--inventory /nowhere.json'],
  [['--tls-cert', 'cert.pem'], '--tls-cert cert.pem'],
  [['--max-clones', '999999999'], '--max-clones 999999999'],
  [['--surprise'], '--surprise'],
])('%j is refused in a sentence that names it', async (args, named) => {
  expect(await refusal(args)).toContain(named);
});

test('a port in use is refused with its flag and value', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  expect(await refusal(['--appliance-port', String(port)])).toBe(
    `--appliance-port ${port} is in use: choose another port, or 0 for a free one.`,
  );
  taken.close();
});

test('an inventory file that refers to nothing is refused, naming what and where', async () => {
  const path = join(tmpdir(), `snapflow-inventory-${process.pid}.json`);
  const file = {
    datacenters: [{ id: 'd', name: 'dc', vmFolder: 'f' }],
    folders: [],
    clusters: [],
    hosts: [],
    resourcePools: [],
    vms: [],
  };
  writeFileSync(path, JSON.stringify(file));
  expect(await refusal(['--inventory', path])).toContain('datacenters d names vmFolder f');
});

test('with TLS the hosts are trusted through the authority file, which is gone after the stop', async () => {
  const simulator = await startSimulator({ tls: true });
  const caFile = simulator.caFile ?? '';
  const about = `${simulator.applianceUrl}/api/snapservice/info/about`;
  expect(await httpsStatus(about, caFile)).toBe(200);
  expect(await httpsStatus(about.replace('127.0.0.1', 'localhost'), caFile)).toBe(200);
  await simulator.stop();
  expect(existsSync(caFile)).toBe(false);
});

test('over TLS a connection is reset too, which is not its end', async () => {
  const simulator = await startSimulator({ tls: true });
  const rule = { operation: 'about', position: 'before', action: 'reset', count: 1 };
  await fetch(`${simulator.controlUrl}/faults`, { method: 'POST', body: JSON.stringify(rule) });
  const about = `${simulator.applianceUrl}/api/snapservice/info/about`;
  const caFile = simulator.caFile ?? '';
  await expect(httpsStatus(about, caFile)).rejects.toMatchObject({ code: 'ECONNRESET', syscall: 'read' });
  expect(await httpsStatus(about, caFile)).toBe(200);
  await simulator.stop();
});

test('the command prints one line of JSON, serves, and ends within a second of SIGTERM', async () => {
  const child = spawn(process.execPath, [MAIN, '--clone-ms', '10'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout);
  const [line] = (await once(lines, 'line')) as [string];
  const address = JSON.parse(line);
  expect(Object.keys(address).toSorted()).toEqual(
    [
      'applianceUrl',
      'caFile',
      'controlUrl',
      'limitedPassword',
      'limitedUsername',
      'password',
      'pid',
      'username',
    ]
      .concat('vcenterUrl')
      .toSorted(),
  );
  expect(address.pid).toBe(child.pid);
  const rule = { operation: 'about', position: 'never' };
  await fetch(`${address.controlUrl}/faults`, { method: 'POST', body: JSON.stringify(rule) });
  const unanswered = fetch(`${address.applianceUrl}/api/snapservice/info/about`).catch(() => 'cut');
  const startMs = Date.now();
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(Date.now() - startMs).toBeLessThan(1000);
  expect(await unanswered).toBe('cut');
});

test('connections, calls and sessions are counted', async () => {
  const simulator = await startSimulator();
  await Promise.all([1, 2, 3].map(() => fetch(`${simulator.applianceUrl}/api/snapservice/info/about`)));
  const counts = await (await fetch(`${simulator.controlUrl}/calls`)).json();
  expect(counts).toMatchObject({ calls: { about: 3 }, openSessions: 0 });
  expect((counts as { peakConnections: number }).peakConnections).toBeGreaterThanOrEqual(1);
  await fetch(`${simulator.controlUrl}/calls`, { method: 'DELETE' });
  expect(await (await fetch(`${simulator.controlUrl}/calls`)).json()).toMatchObject({ calls: {} });
  await simulator.stop();
});

test('the command line offers the releases that there are', () => {
  expect(RELEASES).toEqual(SIMULATED_RELEASES);
});
