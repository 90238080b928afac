import type { Check, CheckName, CheckState } from '../../../src/client';
import { freePort } from '../../../src/engine/free-port';
import { startSimulator } from '../../../src/simulator/start-simulator';
import type { RunningSimulator } from '../../../src/simulator/running-simulator';
import { Control } from '../../rig/control';
import { findSecrets } from '../../rig/find-secrets';
import { startRig, type Rig } from '../../rig/start-rig';

const WRONG_THUMBPRINT = 'AB'.repeat(32);
const WRONG_PASSWORD = 'Canary-wrong-password';
/** Behind: what vCenter signs now is not valid yet on the appliance. */
const SKEW_MS = -600_000;

let rig: Rig;
let secure: RunningSimulator;
let skewed: RunningSimulator;
let silent: RunningSimulator;
let checks: readonly Check[];
let tookMs: number;

/** Where a simulator is, and who logs in there. */
const site = ({ vcenterUrl, applianceUrl, username, password }: RunningSimulator) => ({
  vcenterUrl,
  applianceUrl,
  username,
  password,
});

beforeAll(async () => {
  secure = await startSimulator({ tls: true });
  skewed = await startSimulator({ release: '8.0.3.0', clockSkewMs: SKEW_MS });
  silent = await startSimulator({});
  await new Control(silent.controlUrl).fault({ operation: '*', position: 'never' });
  const nobody = `http://127.0.0.1:${await freePort('127.0.0.1')}`;
  rig = await startRig({
    alsoConnected: (simulator) => ({
      password: { password: WRONG_PASSWORD },
      novcenter: { vcenterUrl: nobody },
      noappliance: { applianceUrl: nobody },
      limited: { username: simulator.limitedUsername, password: simulator.limitedPassword },
      pinned: { ...site(secure), thumbprint: WRONG_THUMBPRINT },
      untrusted: site(secure),
      unverified: { ...site(secure), tlsVerify: false },
      skewed: site(skewed),
      silent: site(silent),
    }),
  });
  const before = performance.now();
  checks = await rig.snapflow.doctor();
  tookMs = performance.now() - before;
});

afterAll(async () => {
  await rig.stop();
  await Promise.all([secure, skewed, silent].map((simulator) => simulator.stop()));
});

const found = (check: CheckName, connection: string, host = ''): Check | undefined => {
  const name = connection === '' ? rig.connection : `${rig.connection}-${connection}`;
  const subject = host === '' ? name : `${name} ${host}`;
  return checks.find((one) => one.check === check && one.subject === subject);
};

const PLANTED: readonly [string, CheckName, string, string, CheckState, RegExp, RegExp][] = [
  ['a wrong password at vCenter', 'login', 'password', 'vcenter', 'failed', /login/, /username and password/],
  ['a wrong password at the appliance', 'login', 'password', 'appliance', 'failed', /login/, /username and/],
  ['a vCenter that is down', 'reachability', 'novcenter', 'vcenter', 'failed', /ECONNREFUSED/, /vcenterUrl/],
  [
    'an appliance that is down',
    'reachability',
    'noappliance',
    'appliance',
    'failed',
    /REFUSED/,
    /applianceUrl/,
  ],
  [
    'a vCenter that is silent',
    'reachability',
    'silent',
    'vcenter',
    'failed',
    /no whole answer/,
    /vcenterUrl/,
  ],
  [
    'a wrong thumbprint',
    'reachability',
    'pinned',
    'vcenter',
    'failed',
    /thumbprint|SHA-256/,
    /set thumbprint/,
  ],
  ['an unknown authority', 'reachability', 'untrusted', 'appliance', 'failed', /not trusted/, /caFile/],
  ['TLS that is off', 'tls', 'unverified', '', 'warning', /not verified/, /caFile or thumbprint/],
  ['no allow-list', 'allow-list', '', '', 'warning', /everything is allowed/, /name the clusters, folders/],
  [
    'a short quarantine',
    'quarantine',
    '',
    '',
    'warning',
    /quarantineMs is 1000, below/,
    /operation.quarantineMs/,
  ],
  [
    'an account with few rights',
    'privileges',
    'limited',
    '',
    'warning',
    /lacks .*Provisioning.Clone/,
    /grant/,
  ],
  [
    "the appliance's clock",
    'clock',
    'skewed',
    'appliance',
    'warning',
    /(10 min|9 min 59 s|10 min 1 s) behind/,
    /one time source/,
  ],
  ['a login refused for clocks', 'login', 'skewed', 'appliance', 'failed', /clock/, /one time source/],
];

test.each(PLANTED)(
  'finds %s, and says what to do',
  (_title, check, connection, host, state, message, remedy) => {
    expect(found(check, connection, host)).toMatchObject({
      state,
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    });
  },
);

test('a connection that is well is ok, with releases and accounts', () => {
  for (const host of ['vcenter', 'appliance']) {
    expect(found('reachability', '', host)).toMatchObject({
      state: 'ok',
      message: expect.stringContaining('release 9.1'),
    });
    expect(found('clock', '', host)).toMatchObject({ state: 'ok' });
    expect(found('login', '', host)).toMatchObject({
      state: 'ok',
      message: expect.stringContaining('logged in as'),
    });
  }
  expect(found('privileges', '')).toMatchObject({ state: 'ok' });
});

test('a host that is down hides nothing of the other one, and has one line', () => {
  expect(found('login', 'novcenter', 'appliance')).toMatchObject({ state: 'ok' });
  expect(found('login', 'noappliance', 'vcenter')).toMatchObject({ state: 'ok' });
  expect(found('login', 'noappliance', 'appliance')).toBeUndefined();
  expect(checks.filter(({ subject }) => subject === `${rig.connection}-novcenter vcenter`)).toHaveLength(1);
});

test('a silent connection is waited for once, side by side with the others', () => {
  expect(tookMs).toBeLessThan(25_000);
});

test('what is not ok has a remedy, and no secret is told', () => {
  expect(checks.filter(({ state, remedy }) => state !== 'ok' && !remedy)).toEqual([]);
  const secrets = [WRONG_PASSWORD, secure.password, skewed.password, silent.password];
  expect(findSecrets(secrets, checks)).toEqual([]);
});
