import { omitUndefined } from '../../../src/contract/omit-undefined';
import { DEFAULT_LIMITS } from '../../../src/worker/config-types';
import { DEFAULT_SETTINGS } from '../../../src/contract/operations';
import { startupWarnings } from '../../../src/worker/configuration-checks';

const TEMPORAL = { address: 'temporal:7233', namespace: 'default' };

const config = (change: { quarantineMs?: number; tlsVerify?: boolean }) => ({
  temporal: TEMPORAL,
  connections: [
    {
      vsphere: {
        name: 'lab',
        vcenterUrl: 'https://vcenter',
        applianceUrl: 'https://appliance',
        username: 'u',
        password: 'p',
        tlsVerify: change.tlsVerify ?? true,
      },
      operation: {
        ...DEFAULT_SETTINGS,
        ...omitUndefined({ quarantineMs: change.quarantineMs }),
      },
      limits: DEFAULT_LIMITS,
      allow: {},
    },
  ],
});

type Settings = Parameters<typeof startupWarnings>[0];

/** Whatever this shell is set up for. */
const warningsOf = (settings: Settings, environment: Record<string, string> = {}): readonly string[] =>
  startupWarnings(settings, environment);

test('the defaults have no risk to be told', () => {
  expect(warningsOf(config({}))).toEqual([]);
});

test('a quarantine that a call in flight can outlast is told, with the number that it needs', () => {
  expect(warningsOf(config({ quarantineMs: 1 }))).toEqual([
    expect.stringMatching(/lab: quarantineMs is 1, below the 29500/),
  ]);
});

test('TLS that is not verified is told', () => {
  expect(warningsOf(config({ tlsVerify: false }))).toEqual([
    expect.stringContaining('TLS certificates are not verified'),
  ]);
});

test('two connections that lead to the same servers are told, each with the other; case and default port do not hide it', () => {
  const both = config({}).connections.flatMap((first) => {
    const urls = { vcenterUrl: 'https://VCENTER:443', applianceUrl: 'https://other' };
    return [first, { ...first, vsphere: { ...first.vsphere, ...urls, name: 'twin' } }];
  });
  expect(warningsOf({ temporal: TEMPORAL, connections: both })).toEqual([
    expect.stringContaining('connection lab: twin leads to the same servers'),
    expect.stringContaining('connection twin: lab leads to the same servers'),
  ]);
});

test('a key that is sent without TLS is told, not where it stays on this machine', () => {
  const temporal = { ...TEMPORAL, apiKey: 'Key-1', tls: false } as const;
  expect(warningsOf({ ...config({}), temporal })).toEqual([
    'TLS to the Temporal server at temporal:7233 is switched off: anybody in between can read the API key',
  ]);
  expect(warningsOf({ ...config({}), temporal: { ...temporal, address: 'localhost:7233' } })).toEqual([]);
});

test.each([
  ['HTTPS_PROXY', undefined, 'vcenter, appliance'],
  ['https_proxy', 'appliance', 'vcenter'],
  ['ALL_PROXY', '.vcenter, other', 'appliance'],
])('%s, with NO_PROXY %s, is told as not used for %s', (variable, exempt, hosts) => {
  const environment = { [variable]: 'http://proxy:3128', ...omitUndefined({ NO_PROXY: exempt }) };
  expect(warningsOf(config({}), environment)).toEqual([
    `${variable} is set and is not used for vSphere: calls go straight to ${hosts}. Let the worker reach them, and add them to NO_PROXY to end this warning`,
  ]);
});

test.each(['*', 'vcenter,appliance', 'appliance:443 vcenter'])(
  'a proxy that NO_PROXY %s keeps away is no risk',
  (exempt) => {
    expect(warningsOf(config({}), { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: exempt })).toEqual([]);
  },
);
