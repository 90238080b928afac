import { openConnection, type VsphereSettings } from '../../../src/vsphere';

const settings: VsphereSettings = {
  name: 'lab',
  vcenterUrl: 'https://vcenter.example',
  applianceUrl: 'https://snap.example:8443',
  username: 'worker',
  password: 'correct-horse',
};

test.each<[string, Partial<VsphereSettings>, RegExp]>([
  ['no URL', { vcenterUrl: 'vcenter' }, /lab\.vcenterUrl is not an origin/],
  ['a path', { applianceUrl: 'https://snap.example/api' }, /lab\.applianceUrl is not an origin/],
  [
    'a password in the URL',
    { vcenterUrl: 'https://u:correct-horse@vcenter.example' },
    /lab\.vcenterUrl is not/,
  ],
  ['another protocol', { vcenterUrl: 'ftp://vcenter.example' }, /lab\.vcenterUrl is not an origin/],
  [
    'plain http to elsewhere',
    { vcenterUrl: 'http://vcenter.example' },
    /use https, or spell out tlsVerify: false/,
  ],
  ['plain http to a name like loopback', { vcenterUrl: 'http://127.0.0.1.example' }, /use https/],
  [
    'a pin over plain http',
    { vcenterUrl: 'http://127.0.0.1', thumbprint: 'a'.repeat(64) },
    /need an https URL/,
  ],
  ['a short thumbprint', { thumbprint: 'AB:CD' }, /lab\.thumbprint is not a SHA-256 thumbprint/],
  ['a deadline of 0', { callDeadlineMs: 0 }, /lab\.callDeadlineMs is 0/],
  ['a deadline that no timer holds', { callDeadlineMs: 2 ** 31 }, /lab\.callDeadlineMs/],
  ['half a connection', { maxConnections: 0.5 }, /lab\.maxConnections is 0\.5/],
])('%s is refused when the connection is opened, naming the setting', (_what, more, message) => {
  let thrown: unknown;
  try {
    openConnection({ ...settings, ...more });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(TypeError);
  expect(String(thrown)).toMatch(message);
  expect(String(thrown)).not.toContain('correct-horse');
});

test.each<[string, Partial<VsphereSettings>]>([
  ['https', {}],
  ['plain http on loopback', { vcenterUrl: 'http://127.0.0.1:8080', applianceUrl: 'http://[::1]:1' }],
  ['plain http elsewhere, spelled out', { vcenterUrl: 'http://simulator:8080', tlsVerify: false }],
  ['one pin for each host', { thumbprint: { vcenter: 'a'.repeat(64), appliance: 'B'.repeat(64) } }],
])('%s is taken, and nothing is opened yet', async (_what, more) => {
  const connection = openConnection({ ...settings, ...more });
  expect(connection.name).toBe('lab');
  await connection.close();
});
