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

test('the defaults have no risk to be told', () => {
  expect(startupWarnings(config({}))).toEqual([]);
});

test('a quarantine that a call in flight can outlast is told, with the number that it needs', () => {
  expect(startupWarnings(config({ quarantineMs: 1 }))).toEqual([
    expect.stringMatching(/lab: quarantineMs is 1, below the 29500/),
  ]);
});

test('TLS that is not verified is told', () => {
  expect(startupWarnings(config({ tlsVerify: false }))).toEqual([
    expect.stringContaining('TLS certificates are not verified'),
  ]);
});

test('two connections that lead to the same servers are told, each with the other; case and default port do not hide it', () => {
  const both = config({}).connections.flatMap((first) => {
    const urls = { vcenterUrl: 'https://VCENTER:443', applianceUrl: 'https://other' };
    return [first, { ...first, vsphere: { ...first.vsphere, ...urls, name: 'twin' } }];
  });
  expect(startupWarnings({ temporal: TEMPORAL, connections: both })).toEqual([
    expect.stringContaining('connection lab: twin leads to the same servers'),
    expect.stringContaining('connection twin: lab leads to the same servers'),
  ]);
});

test('a key that is sent without TLS is told, not where it stays on this machine', () => {
  const temporal = { ...TEMPORAL, apiKey: 'Key-1', tls: false } as const;
  expect(startupWarnings({ ...config({}), temporal })).toEqual([
    'TLS to the Temporal server at temporal:7233 is switched off: anybody in between can read the API key',
  ]);
  expect(startupWarnings({ ...config({}), temporal: { ...temporal, address: 'localhost:7233' } })).toEqual(
    [],
  );
});
