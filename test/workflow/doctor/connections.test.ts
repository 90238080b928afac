import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doctorExitCode, renderChecks } from '../../../src/cli/commands/doctor';
import type { Check, CheckName, CheckState } from '../../../src/client';
import { startSimulator, type RunningSimulator } from '../../../packages/simulator/src/start-simulator';
import { omitUndefined } from '../../../src/contract/omit-undefined';
import { Control } from '../../environment/control';
import { findSecrets } from '../../secrets/find-secrets';
import { UNUSED_ADDRESS } from '../../environment/addresses';
import { openEnvironment } from '../../environment/open-environment';
import type { AlsoConnected, ThreadEnvironment } from '../../environment/threads';
import { makeCertificate, type Certificate } from '../../unit/vsphere/certificate';
import { startAppliance, startVcenter, type PlantedServer } from './planted-servers';

const WRONG_THUMBPRINT = 'AB'.repeat(32);
const WRONG_PASSWORD = 'Canary-wrong-password';
/** Behind: what vCenter signs now is not valid yet on the appliance. */
const SKEW_MS = -600_000;
const HOUR_MS = 3_600_000;

interface Plant {
  /** What is wrong, as the title of its test. */
  readonly planted: string;
  /** Key of the connection; '' is the environment's own. */
  readonly on: string;
  readonly host?: 'vcenter' | 'appliance';
  readonly check: CheckName;
  readonly state: CheckState;
  readonly message: RegExp;
  readonly remedy: RegExp;
}

const plant = (
  planted: string,
  on: string,
  [check, host]: readonly [CheckName, Plant['host']?],
  state: CheckState,
  message: RegExp,
  remedy: RegExp,
): Plant => ({ planted, on, check, state, message, remedy, ...omitUndefined({ host }) });

const OFF = /^check (vcenter|appliance)Url and the network$/;
const LOGIN = /correct the connection's username and password, or unlock the account/;

const PLANTS: readonly Plant[] = [
  plant('a vCenter that is down', 'novcenter', ['reachability', 'vcenter'], 'failed', /ECONNREFUSED/, OFF),
  plant('an appliance that is down', 'noappliance', ['reachability', 'appliance'], 'failed', /REFUSED/, OFF),
  plant(
    'a name that nobody has',
    'nohost',
    ['reachability', 'vcenter'],
    'failed',
    /ENOTFOUND|EAI_AGAIN/,
    OFF,
  ),
  plant(
    'a vCenter that is silent',
    'silent',
    ['reachability', 'vcenter'],
    'failed',
    /no whole answer/,
    /vcenterUrl/,
  ),
  plant(
    'a gateway that answers instead',
    'gateway',
    ['reachability', 'appliance'],
    'failed',
    /502/,
    /applianceUrl/,
  ),
  plant(
    "the appliance's URL as vCenter's",
    'swapped',
    ['reachability', 'vcenter'],
    'failed',
    /404/,
    /vcenterUrl leads to vCenter, not to the snapshot appliance/,
  ),
  plant(
    "vCenter's URL as the appliance's",
    'swapped',
    ['reachability', 'appliance'],
    'failed',
    /404/,
    /applianceUrl leads to the snapshot appliance, not to vCenter/,
  ),
  plant(
    'https where plain http is spoken',
    'https',
    ['reachability', 'vcenter'],
    'failed',
    /does not speak TLS/,
    /vcenterUrl leads to a TLS port/,
  ),
  plant(
    'http where TLS is spoken',
    'http',
    ['reachability', 'vcenter'],
    'failed',
    /broke off|hung up|closed|ECONNRESET|HTTP/,
    /give https in vcenterUrl/,
  ),
  plant(
    'a wrong thumbprint',
    'pinned',
    ['reachability', 'vcenter'],
    'failed',
    /SHA-256|thumbprint/,
    /set thumbprint/,
  ),
  plant(
    'an unknown authority',
    'untrusted',
    ['reachability', 'appliance'],
    'failed',
    /not trusted/,
    /caFile/,
  ),
  plant(
    'an expired certificate',
    'expired',
    ['reachability', 'vcenter'],
    'failed',
    /has expired/,
    /renew it/,
  ),
  plant(
    "another host's certificate",
    'elsewhere',
    ['reachability', 'vcenter'],
    'failed',
    /for another host/,
    /give in vcenterUrl a host name that the certificate holds/,
  ),
  plant('TLS that is off', 'unverified', ['tls'], 'warning', /not verified/, /caFile or thumbprint/),
  plant('a wrong password at vCenter', 'password', ['login', 'vcenter'], 'failed', /401/, LOGIN),
  plant('a wrong password at the appliance', 'password', ['login', 'appliance'], 'failed', /401/, LOGIN),
  plant(
    'an account that nobody has',
    'nobody',
    ['login', 'vcenter'],
    'failed',
    /nobody@vsphere\.local.*401/,
    LOGIN,
  ),
  plant('an account that is locked', 'locked', ['login', 'vcenter'], 'failed', /401 UNAUTHENTICATED/, LOGIN),
  plant(
    'a password file that cannot be read',
    'unread',
    ['login', 'vcenter'],
    'failed',
    /the password could not be read/,
    /give the worker a passwordFile that it can read/,
  ),
  plant(
    'an account with few rights',
    'limited',
    ['privileges'],
    'warning',
    /lacks .*Provisioning.Clone/,
    /grant/,
  ),
  plant(
    "the appliance's clock",
    'skewed',
    ['clock', 'appliance'],
    'warning',
    /(10 min|9 min 59 s|10 min 1 s) behind/,
    /one time source/,
  ),
  plant('a login refused for clocks', 'skewed', ['login', 'appliance'], 'failed', /clock/, /one time source/),
  plant(
    "vCenter's clock",
    'ahead',
    ['clock', 'vcenter'],
    'warning',
    /(1 h|59 min|60 min).* ahead/,
    /one time source/,
  ),
  plant(
    'an appliance of an old release',
    'old',
    ['reachability', 'appliance'],
    'warning',
    /release 8\.0\.2\.0 is none of those that Snapflow was written for/,
    /upgrade the snapshot appliance/,
  ),
  plant(
    'no allow-list',
    '',
    ['allow-list'],
    'warning',
    /everything is allowed/,
    /name the clusters, folders/,
  ),
  plant(
    'an allow-list that fits nothing',
    'misspelt',
    ['allow-list'],
    'warning',
    /^clusters "clustr-\*", folders "prodction", sources "wbe-01" fit nothing/,
    /correct the spelling/,
  ),
  plant(
    'a short quarantine',
    '',
    ['quarantine'],
    'warning',
    /quarantineMs is 1000, below/,
    /operation.quarantineMs/,
  ),
  plant(
    'two connections of one site',
    '',
    ['same-site'],
    'warning',
    /lead.* to the same servers/,
    /one connection/,
  ),
];

/** Where a simulator is, and who logs in there. */
const site = ({ vcenterUrl, applianceUrl, username, password }: RunningSimulator) => ({
  vcenterUrl,
  applianceUrl,
  username,
  password,
});

let folder: string;
let env: ThreadEnvironment;
const simulators: RunningSimulator[] = [];
const servers: PlantedServer[] = [];
let checks: readonly Check[];
let tookMs: number;

async function simulator(options: Parameters<typeof startSimulator>[0] = {}): Promise<RunningSimulator> {
  const started = await startSimulator(options);
  simulators.push(started);
  return started;
}

async function faulty(...rules: Parameters<Control['fault']>[0][]): Promise<RunningSimulator> {
  const started = await simulator();
  const control = new Control(started.controlUrl);
  for (const rule of rules) await control.fault(rule);
  return started;
}

function withCertificate(name: string, { cert, key }: Certificate): Promise<RunningSimulator> {
  const [tlsCert, tlsKey] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  writeFileSync(tlsCert, cert);
  writeFileSync(tlsKey, key);
  return simulator({ tlsCert, tlsKey });
}

function planted<T extends PlantedServer>(server: T): T {
  servers.push(server);
  return server;
}

/** Every connection with something wrong, by the key that the plants name. */
async function connections(): Promise<(own: RunningSimulator) => Readonly<Record<string, AlsoConnected>>> {
  const nobody = `http://${UNUSED_ADDRESS}`;
  const secure = await simulator({ tls: true });
  const [expired, elsewhere] = [
    makeCertificate('127.0.0.1', { expired: true }),
    makeCertificate('127.0.0.9'),
  ];
  const fixed = {
    novcenter: { vcenterUrl: nobody },
    noappliance: { applianceUrl: nobody },
    nohost: { vcenterUrl: 'https://vcenter.invalid' },
    silent: site(await faulty({ operation: '*', position: 'never' })),
    gateway: site(await faulty({ operation: 'about', position: 'before', action: 'html' })),
    http: { vcenterUrl: secure.vcenterUrl.replace('https:', 'http:') },
    pinned: { ...site(secure), thumbprint: WRONG_THUMBPRINT },
    untrusted: site(secure),
    expired: { ...site(await withCertificate('expired', expired)), ca: expired.cert },
    elsewhere: { ...site(await withCertificate('elsewhere', elsewhere)), ca: elsewhere.cert },
    unverified: { ...site(secure), tlsVerify: false },
    password: { password: WRONG_PASSWORD },
    nobody: { username: 'nobody@vsphere.local' },
    locked: site(
      await faulty({
        operation: 'vcenter.login',
        position: 'before',
        action: { status: 401, errorType: 'UNAUTHENTICATED' },
      }),
    ),
    unread: {
      password: async () => {
        throw new Error(WRONG_PASSWORD);
      },
    },
    skewed: site(await simulator({ release: '8.0.3.0', clockSkewMs: SKEW_MS })),
    ahead: { vcenterUrl: planted(await startVcenter(HOUR_MS)).url },
    old: { applianceUrl: planted(await startAppliance('8.0.2.0')).url },
    misspelt: { allow: { clusters: ['clustr-*'], folders: ['prodction'], sources: ['wbe-01', 'w*'] } },
  };
  return ({ vcenterUrl, applianceUrl, limitedUsername, limitedPassword }) => ({
    ...fixed,
    limited: { username: limitedUsername, password: limitedPassword },
    swapped: { vcenterUrl: applianceUrl, applianceUrl: vcenterUrl },
    https: { vcenterUrl: vcenterUrl.replace('http:', 'https:') },
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'snapflow-doctor-'));
  env = await openEnvironment({ as: 'threads', alsoConnected: await connections() });
  const before = performance.now();
  checks = await env.snapflow.doctor();
  tookMs = performance.now() - before;
});

afterAll(async () => {
  await env.close();
  await Promise.all([...simulators, ...servers].map((server) => server.stop()));
  rmSync(folder, { recursive: true });
});

function found(check: CheckName, connection: string, host = ''): readonly Check[] {
  const name = connection === '' ? env.connection : `${env.connection}-${connection}`;
  const subject = host === '' ? name : `${name} ${host}`;
  return checks.filter((one) => one.check === check && one.subject === subject);
}

test.each(PLANTS)('finds $planted on "$on", and says what to do', (expected) => {
  const seen = found(expected.check, expected.on, expected.host);
  const check = seen.find(({ message }) => expected.message.test(message));
  expect({ seen, check }).toEqual({ seen, check: expect.objectContaining({ state: expected.state }) });
  const [line = ''] = renderChecks([check!]).split('\n').slice(1);
  const [said = '', remedy = ''] = line.split(' -> ');
  expect(said.split(/ +/).slice(0, 3)).toEqual([
    expected.state,
    expected.check,
    check!.subject.split(' ')[0],
  ]);
  expect(remedy).toMatch(expected.remedy);
  expect(doctorExitCode([check!])).toBe(expected.state === 'failed' ? 1 : 0);
});

test('twenty and more misconfigurations of connections are planted, and each connection has its own', () => {
  expect(PLANTS.length).toBeGreaterThanOrEqual(20);
  expect(doctorExitCode(checks)).toBe(1);
});

test('a connection that is well is ok, with releases and accounts', () => {
  for (const host of ['vcenter', 'appliance']) {
    expect(found('reachability', '', host)).toMatchObject([
      { state: 'ok', message: expect.stringContaining('release 9.1') },
    ]);
    expect(found('clock', '', host)).toMatchObject([{ state: 'ok' }]);
    expect(found('login', '', host)).toMatchObject([
      { state: 'ok', message: expect.stringContaining('logged in as') },
    ]);
  }
  expect(found('privileges', '')).toMatchObject([{ state: 'ok' }]);
});

test('a host that is down hides nothing of the other one, and has one line', () => {
  expect(found('login', 'novcenter', 'appliance')).toMatchObject([{ state: 'ok' }]);
  expect(found('login', 'noappliance', 'vcenter')).toMatchObject([{ state: 'ok' }]);
  expect(found('login', 'noappliance', 'appliance')).toEqual([]);
  expect(checks.filter(({ subject }) => subject === `${env.connection}-novcenter vcenter`)).toHaveLength(1);
});

test('a silent connection is waited for once, side by side with the others', () => {
  expect(tookMs).toBeLessThan(25_000);
});

test('what is not ok has a remedy, and no secret is told', () => {
  expect(checks.filter(({ state, remedy }) => state !== 'ok' && !remedy)).toEqual([]);
  const secrets = [WRONG_PASSWORD, ...simulators.map(({ password }) => password)];
  expect(findSecrets(secrets, checks)).toEqual([]);
});
