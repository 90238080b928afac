import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { findTemporalBinary } from '../../packages/dev-server/src/find-temporal';
import { freePort } from '../../packages/dev-server/src/start-dev-server';
import { openEnvironment } from '../environment/open-environment';
import { startSimulator, type ProcessEnvironment, type SimulatedSite } from '../environment/processes';
import { CLEAN_ENV, type Program } from '../environment/program';
import { onlyBlock, pageBlocks } from '../pages/page-blocks';
import { playLine } from '../pages/run-line';

jest.setTimeout(120_000);

const ROOT = join(__dirname, '../..');
const PAGE = 'docs/security.md';
const folder = mkdtempSync(join(tmpdir(), 'snapflow-security-'));

let environment: ProcessEnvironment;
let secure: { readonly site: SimulatedSite; readonly program: Program };
let ports: { readonly health: number; readonly metrics: number };
let env: NodeJS.ProcessEnv;
/** What stands on the page for what is here. */
let here: readonly (readonly [string, string])[];

beforeAll(async () => {
  const { path } = await findTemporalBinary();
  secure = await startSimulator(['--tls']);
  ports = { health: await freePort('127.0.0.1'), metrics: await freePort('127.0.0.1') };
  const passwordFile = join(folder, 'vsphere');
  environment = await openEnvironment({
    as: 'processes',
    name: 'security',
    temporal: { own: {} },
    connections: ({ password, ...settings }) => {
      writeFileSync(passwordFile, `${String(password)}\n`, { mode: 0o644 });
      return { default: { ...settings, passwordFile } };
    },
    workerEnv: { SNAPFLOW_HEALTH_PORT: String(ports.health), SNAPFLOW_METRICS_PORT: String(ports.metrics) },
  });
  env = {
    ...CLEAN_ENV,
    PATH: `${dirname(path)}:${process.env['PATH']}`,
    TEMPORAL_ADDRESS: environment.server?.address,
    SNAPFLOW_TASK_QUEUE: environment.taskQueue,
  };
  here = [
    ['/run/secrets/vsphere', passwordFile],
    ['vcenter.example.com:443', new URL(secure.site.vcenterUrl).host],
  ];
});

afterAll(async () => {
  await environment?.close();
  await secure?.program.stop(0);
  rmSync(folder, { recursive: true });
});

async function play(label: string): Promise<string> {
  let output = '';
  for (const line of onlyBlock(PAGE, `sh ${label}`)) {
    const asHere = here.reduce((text, [there, value]) => text.replaceAll(there, value), line);
    output += (await playLine(asHere, ROOT, env)).output;
  }
  return output;
}

const certificateOf = ({ vcenterUrl }: SimulatedSite): Promise<PeerCertificate> =>
  new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(vcenterUrl);
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.once('error', reject);
  });

const SCENES: Readonly<Record<string, () => Promise<void>>> = {
  doctor: async () => {
    expect(await play('doctor')).toContain('everything is allowed');
  },
  thumbprint: async () => {
    expect(await play('thumbprint')).toContain((await certificateOf(secure.site)).fingerprint256);
  },
  file: async () => {
    await play('file');
    expect(statSync(join(folder, 'vsphere')).mode & 0o777).toBe(0o600);
  },
  version: async () => {
    expect(await play('version')).toMatch(/\d+\.\d+\.\d+/);
  },
};

test('every block of commands has its scene; those of govc, which is not here, are held to the code elsewhere', () => {
  const labels = pageBlocks(PAGE).map(({ opening }) => opening);
  expect(labels.toSorted()).toEqual(
    [...Object.keys(SCENES), 'govc'].map((label) => `sh ${label}`).toSorted(),
  );
});

test.each(Object.entries(SCENES))('the commands for "%s" do what the page says', (_label, scene) => scene());

/** The sockets on which a process listens, of both families, from what the kernel says of it. */
function listeningOf(pid: number): readonly string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  const LISTEN = '0A';
  return ['tcp', 'tcp6'].flatMap((family) =>
    readFileSync(`/proc/${pid}/net/${family}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTEN && inodes.has(fields[9] ?? ''))
      .map((fields) => fields[1] ?? ''),
  );
}

/** As the kernel writes 127.0.0.1 on a little-endian machine. */
const LOOPBACK = '0100007F';

/** Only Linux tells so without another program. */
const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('the worker listens on the two ports that the page names, on loopback, and on nothing else', () => {
  const expected = [ports.health, ports.metrics].map(
    (port) => `${LOOPBACK}:${port.toString(16).toUpperCase().padStart(4, '0')}`,
  );
  expect(listeningOf(environment.worker().pid).toSorted()).toEqual(expected.toSorted());
});
