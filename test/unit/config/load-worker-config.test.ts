import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigInvalid, loadWorkerConfig } from '../../../src/worker/config';

const SECRET = 'correct-horse';
const VARIABLES = {
  VSPHERE_VCENTER_URL: 'https://vcenter.example',
  VSPHERE_APPLIANCE_URL: 'https://snap.example',
  VSPHERE_USERNAME: 'worker',
  VSPHERE_PASSWORD: SECRET,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'snapflow-config-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadWorkerConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    return error.problems;
  }
}

test('plain variables are one connection, with defaults and no health server', () => {
  const config = loadWorkerConfig(VARIABLES);
  expect(config).toMatchObject({ taskQueue: 'snapflow', temporal: { namespace: 'default' } });
  expect(config.connections.map(({ vsphere }) => vsphere.name)).toEqual(['default']);
  expect(config.health).toBeUndefined();
});

test('the health server listens on this machine only unless a host is named', () => {
  expect(loadWorkerConfig({ ...VARIABLES, SNAPFLOW_HEALTH_PORT: '8080' }).health).toEqual({
    host: '127.0.0.1',
    port: 8080,
  });
  expect(
    loadWorkerConfig({ ...VARIABLES, SNAPFLOW_HEALTH_PORT: '0', SNAPFLOW_HEALTH_HOST: '0.0.0.0' }).health,
  ).toEqual({ host: '0.0.0.0', port: 0 });
});

test('metrics are off by default, on this machine only unless an address is named, and never on a port that nobody knows', () => {
  expect(loadWorkerConfig(VARIABLES).metrics).toBeUndefined();
  expect(loadWorkerConfig({ ...VARIABLES, SNAPFLOW_METRICS_PORT: '9464' }).metrics).toEqual({
    host: '127.0.0.1',
    port: 9464,
  });
  const everywhere = { ...VARIABLES, SNAPFLOW_METRICS_PORT: '9464', SNAPFLOW_METRICS_HOST: '::' };
  expect(loadWorkerConfig(everywhere).metrics).toEqual({ host: '::', port: 9464 });
  expect(problemsOf({ ...VARIABLES, SNAPFLOW_METRICS_PORT: '0', SNAPFLOW_METRICS_HOST: 'worker-1' })).toEqual(
    [
      'SNAPFLOW_METRICS_PORT is "0": give a whole number from 1 to 65535.',
      'SNAPFLOW_METRICS_HOST is "worker-1": give an IP address such as 0.0.0.0.',
    ],
  );
});

test('wrong variables are all named together, each with its remedy', () => {
  expect(
    problemsOf({
      VSPHERE_VCENTER_URL: 'vcenter',
      VSPHERE_APPLIANCE_URL: `ftp://u:${SECRET}@x`,
      VSPHERE_PASSWORD: SECRET,
      VSPHERE_PASSWORD_FILE: SECRET,
      VSPHERE_THUMBPRINT: 'zz',
      VSPHERE_TLS_VERIFY: 'maybe',
      SNAPFLOW_CONNECT_BUDGET_MS: 'soon',
      SNAPFLOW_HEALTH_PORT: '99999',
      TEMPORAL_ADDRESS: 'http://localhost:7233',
    }),
  ).toEqual([
    'The Temporal address "http://localhost:7233" (--address or TEMPORAL_ADDRESS) is not host:port: give it like localhost:7233.',
    'VSPHERE_PASSWORD and VSPHERE_PASSWORD_FILE are both set: give one of the two.',
    'VSPHERE_VCENTER_URL is "vcenter": give a URL like https://vcenter.example.',
    'VSPHERE_APPLIANCE_URL cannot be used: give a URL like https://vcenter.example.',
    'VSPHERE_USERNAME is missing: give the user name as text.',
    'VSPHERE_THUMBPRINT is "zz": give a SHA-256 of 64 hexadecimal digits.',
    'VSPHERE_TLS_VERIFY is "maybe": give true or false.',
    'SNAPFLOW_CONNECT_BUDGET_MS is "soon": give a whole number from 1 to 86400000.',
    'SNAPFLOW_HEALTH_PORT is "99999": give a whole number from 0 to 65535.',
  ]);
});

test('files that cannot be used are named, but never the path in the place of a password', () => {
  const text = file('ca.pem', 'no certificate');
  expect(problemsOf({ ...VARIABLES, VSPHERE_PASSWORD: '', VSPHERE_PASSWORD_FILE: SECRET })).toEqual([
    'VSPHERE_PASSWORD_FILE names a file that cannot be read (ENOENT): correct the path or its permissions.',
  ]);
  expect(problemsOf({ ...VARIABLES, VSPHERE_CA_FILE: '/nowhere' })).toEqual([
    'VSPHERE_CA_FILE is "/nowhere", which cannot be read (ENOENT): correct the path or its permissions.',
  ]);
  expect(problemsOf({ ...VARIABLES, VSPHERE_CA_FILE: text })).toEqual([
    `VSPHERE_CA_FILE is "${text}", which holds no certificate: give a PEM file.`,
  ]);
});

test('what the connection would refuse is refused with the configuration, by the name of the variable', () => {
  const urls = { VSPHERE_VCENTER_URL: 'https://vc/ui', VSPHERE_APPLIANCE_URL: 'http://snap.example' };
  expect(problemsOf({ ...VARIABLES, ...urls })).toEqual([
    'VSPHERE_VCENTER_URL is not an origin; give it like https://host.example:443.',
    'VSPHERE_APPLIANCE_URL is http://snap.example: use https, or spell out tlsVerify: false.',
  ]);
});

test('a wrong file is reported whole, with the path of each key', () => {
  const path = file(
    'bad.yaml',
    `extra: 1
connections:
  "two words": { vcenterUrl: "https://v", applianceUrl: "https://a", username: u, password: ${SECRET} }
  lab: { vcenterUrl: "https://v", aplianceUrl: "https://a", username: 5, operation: { quarantineMs: 0, maxUnknowns: 1.5 } }
  seven: 7
`,
  );
  expect(problemsOf({ SNAPFLOW_CONFIG: path, VSPHERE_USERNAME: 'worker' })).toEqual([
    'SNAPFLOW_CONFIG and VSPHERE_USERNAME are both set: use one of the two ways.',
    `${path}: extra is no key of the file: only connections is.`,
    `${path}: connections."two words" is no name of a connection: give up to 63 letters, digits, ".", "_" and "-".`,
    `${path}: connections.lab.password is missing: give it, or ${path}: connections.lab.passwordFile instead.`,
    `${path}: connections.lab.applianceUrl is missing: give a URL like https://vcenter.example.`,
    `${path}: connections.lab.username cannot be used: give the user name as text.`,
    `${path}: connections.lab.operation.quarantineMs is 0: give whole milliseconds from 1 to 3600000.`,
    `${path}: connections.lab.operation.maxUnknowns is 1.5: give a whole number from 1 to 10.`,
    `${path}: connections.lab.aplianceUrl is no key of a connection: correct its spelling.`,
    `${path}: connections.seven cannot be used: give a mapping with vcenterUrl, applianceUrl, username and password or passwordFile.`,
  ]);
});

test.each([
  ['is missing', '/nowhere/worker.yaml', /cannot be read \(ENOENT\): correct the path/],
  ['is empty', 'empty.yaml', /connections is missing or empty: give at least one/],
  ['is no YAML', 'broken.yaml', /is no YAML \([A-Z_]+ at line \d\): correct it\.$/],
])('a file that %s is one sentence without its content', (_what, name, sentence) => {
  const content = name === 'broken.yaml' ? `connections:\n  lab: {password: ${SECRET}\n` : '';
  const path = name.startsWith('/') ? name : file(name, content);
  const problems = problemsOf({ SNAPFLOW_CONFIG: path });
  expect(problems).toEqual([expect.stringMatching(sentence)]);
  expect(problems.join()).not.toContain(SECRET);
});
