import { readableKey } from '../client/temporal-settings';
import type { AllowList } from '../contract/activities';
import type { Check, CheckName } from '../contract/inspect';
import { neededLateCallMs, neededQuarantineMs } from '../contract/service';
import type { ConnectionConfig, WorkerConfig } from './config-types';

/** What the configuration of a connection says by itself, before anything is called. */
export const configurationChecks = (
  config: ConnectionConfig,
  all: readonly ConnectionConfig[],
): readonly Check[] => [
  ...accountChecks(config),
  tlsCheck(config),
  allowListCheck(config),
  ...quarantineChecks(config),
  ...sameSiteCheck(config, all),
];

/** Before the first login: a directory locks an account after a few that were refused. */
const accountChecks = ({ vsphere: { name }, accountWarnings = [] }: ConnectionConfig): readonly Check[] =>
  accountWarnings.map((message) => ({
    check: 'account',
    subject: name,
    state: 'warning',
    message: `${message}, and is used like that`,
    remedy: 'take it out unless it belongs there',
  }));

function tlsCheck({ vsphere: { name, tlsVerify, vcenterUrl, applianceUrl } }: ConnectionConfig): Check {
  const about = { check: 'tls', subject: name } as const;
  if (tlsVerify === false)
    return {
      ...about,
      state: 'warning',
      message:
        'TLS certificates are not verified (tlsVerify is false): anybody in between can read the password',
      remedy: 'trust the servers with caFile or thumbprint, and leave tlsVerify out',
    };
  const plain = [vcenterUrl, applianceUrl].filter((url) => url.startsWith('http:'));
  const message =
    plain.length === 0
      ? 'TLS certificates are verified'
      : `no TLS, on this machine only: ${plain.join(', ')}`;
  return { ...about, state: 'ok', message };
}

const LISTS = ['clusters', 'folders', 'sources', 'clones'] as const satisfies readonly (keyof AllowList)[];

function allowListCheck({ vsphere: { name }, allow }: ConnectionConfig): Check {
  const about = { check: 'allow-list', subject: name } as const;
  if (LISTS.every((list) => allow[list] === undefined))
    return {
      ...about,
      state: 'warning',
      message:
        "everything is allowed: every client that may start a workflow on the task queue has all rights of the worker's account",
      remedy:
        "name the clusters, folders, sources and clones that requests may touch under the connection's allow",
    };
  const said = LISTS.map((list) => `${list} ${allow[list]?.join(', ') ?? 'any'}`);
  return { ...about, state: 'ok', message: `allowed are ${said.join('; ')}` };
}

/** Each of the two waits before a start call is repeated. */
function quarantineChecks({
  vsphere: { name, callDeadlineMs },
  operation: { lateCallMs = 0, ...operation },
}: ConnectionConfig): readonly Check[] {
  const waits = [
    {
      key: 'quarantineMs',
      ms: operation.quarantineMs,
      neededMs: neededQuarantineMs(operation, callDeadlineMs),
      whatTakesIt: 'a call in flight and a late task list can take: an appliance that is slower can be made',
    },
    {
      key: 'lateCallMs',
      ms: lateCallMs,
      neededMs: neededLateCallMs(),
      whatTakesIt:
        'the kernel of a dead worker can take to deliver its call: an appliance that it reaches later is made',
    },
  ];
  return waits.map(({ key, ms, neededMs, whatTakesIt }) => {
    const about = { check: 'quarantine', subject: name } as const;
    if (ms >= neededMs) return { ...about, state: 'ok', message: `${key} is ${ms}, needed are ${neededMs}` };
    return {
      ...about,
      state: 'warning',
      message: `${key} is ${ms}, below the ${neededMs} that ${whatTakesIt} to act twice`,
      remedy: `set operation.${key} to ${neededMs} or more`,
    };
  });
}

/** The lock of a clone name or machine belongs to a connection (E8): two connections of one site do not see each other's. */
function sameSiteCheck({ vsphere }: ConnectionConfig, all: readonly ConnectionConfig[]): readonly Check[] {
  const others = all.filter((other) => other.vsphere !== vsphere && isSameSite(other.vsphere, vsphere));
  if (others.length === 0) return [];
  const names = others.map((other) => other.vsphere.name).join(', ');
  return [
    {
      check: 'same-site',
      subject: vsphere.name,
      state: 'warning',
      message: `${names} leads to the same servers: a clone name or a machine is locked within one connection only, so requests of both can meet`,
      remedy: 'give each site one connection, or let their requests never touch the same names and machines',
    },
  ];
}

type Urls = Pick<ConnectionConfig['vsphere'], 'vcenterUrl' | 'applianceUrl'>;

const isSameSite = (one: Urls, other: Urls): boolean =>
  originOf(one.vcenterUrl) === originOf(other.vcenterUrl) ||
  originOf(one.applianceUrl) === originOf(other.applianceUrl);

/** A URL that cannot be read is refused elsewhere. */
const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url);

/** An allow-list is absent by default: `doctor` says so, a start does not. */
const UNSAID: readonly CheckName[] = ['allow-list'];

/** Allowed settings that weaken a promise: a warning at every start. */
export function startupWarnings(
  { connections, temporal }: Pick<WorkerConfig, 'connections' | 'temporal'>,
  environment: Environment = process.env,
): readonly string[] {
  const readable = readableKey(temporal);
  const checks = connections
    .flatMap((connection) => configurationChecks(connection, connections))
    .filter(({ check, state }) => state !== 'ok' && !UNSAID.includes(check))
    .map(({ subject, message }) => `connection ${subject}: ${message}`);
  return [readable, unusedProxy(connections, environment)]
    .filter((warning) => warning !== undefined)
    .concat(checks);
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A reset towards a proxy does not stop what the proxy itself holds of a start call: see docs/operations.md. */
function unusedProxy(connections: readonly ConnectionConfig[], environment: Environment): string | undefined {
  const variable = PROXY_VARIABLES.find((name) => environment[name]);
  const exempt = [environment['NO_PROXY'], environment['no_proxy']]
    .flatMap((list) => list?.split(/[\s,]+/) ?? [])
    .map((entry) =>
      entry
        .replace(/^\*?\./, '')
        .replace(/:\d+$/, '')
        .toLowerCase(),
    )
    .filter((entry) => entry !== '');
  const isExempt = (host: string): boolean =>
    exempt.some((entry) => entry === '*' || host === entry || host.endsWith(`.${entry}`));
  const hosts = connections
    .flatMap(({ vsphere: { vcenterUrl, applianceUrl } }) => [vcenterUrl, applianceUrl])
    .map((url) => new URL(url).hostname.toLowerCase())
    .filter((host) => !isExempt(host) && !LOOPBACK.test(host));
  return variable === undefined || hosts.length === 0
    ? undefined
    : `${variable} is set and is not used for vSphere: calls go straight to ${[...new Set(hosts)].join(', ')}. Let the worker reach them, and add them to NO_PROXY to end this warning`;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;
const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'HTTP_PROXY', 'http_proxy'];
