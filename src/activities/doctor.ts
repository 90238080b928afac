import type { Check, CheckName } from '../contract/inspect';
import { accountSpellings } from '../contract/spelling';
import {
  VsphereError,
  describeSkew,
  oddRelease,
  VM_TASK_SERVICE,
  type Reached,
  type VsphereHost,
  type CallOptions,
} from '../vsphere';
import type { Connection } from './connection';
import { checkAllowList, rootPrivileges } from './doctor-access';

type About = Pick<Check, 'check' | 'subject'>;

/** What a look found: the checks it came to, and its answer for the looks that need it. */
interface Attempted<T> {
  readonly checks: readonly Check[];
  /** Undefined when it failed. */
  readonly found: T | undefined;
}

interface Bound {
  readonly ms: number;
  readonly signal: AbortSignal;
}

/** One look at a host: what it throws becomes a failed check, so that nothing hides what else is to be said. */
async function attempt<T>(
  check: CheckName,
  subject: string,
  { ms, signal }: Bound,
  look: () => Promise<{ readonly found: T; readonly checks: readonly Check[] }>,
): Promise<Attempted<T>> {
  const about: About = { check, subject };
  try {
    return await look();
  } catch (error) {
    const failed = signal.aborted ? outOfTime(about, ms) : refused(about, error);
    return { checks: [failed], found: undefined };
  }
}

const outOfTime = (about: About, ms: number): Check => ({
  ...about,
  state: 'failed',
  message: `no answer within ${ms / 1000} s`,
  remedy: 'check that the host is well, and the network between it and the worker',
});

function refused(about: About, error: unknown): Check {
  const failed = { ...about, state: 'failed' } as const;
  // Words of unknown origin may hold anything: they stay out of histories.
  if (!(error instanceof VsphereError))
    return { ...failed, message: 'the look failed in an unexpected way', remedy: "read the worker's log" };
  const { message, remedy } = error;
  const end = `; ${remedy}.`;
  return { ...failed, message: message.endsWith(end) ? message.slice(0, -end.length) : message, remedy };
}

/** The Date header is exact to a second and a reply takes part of another one. More is a clock without time service. */
const CLOCKS_AGREE_MS = 5_000;

/** The host's clock against the worker's. A login that fails for it says so by itself. */
function clockCheck(subject: string, host: VsphereHost, { clockOffsetMs }: Reached): Check {
  const about = { check: 'clock', subject } as const;
  if (clockOffsetMs === undefined)
    return {
      ...about,
      state: 'warning',
      message: 'not measured: its answer has no Date header',
      remedy: 'compare its clock with that of the worker by hand',
    };
  if (Math.abs(clockOffsetMs) <= CLOCKS_AGREE_MS)
    return { ...about, state: 'ok', message: `agrees with the worker's to ${CLOCKS_AGREE_MS / 1000} s` };
  return {
    ...about,
    state: 'warning',
    message: describeSkew(
      host === 'vcenter' ? 'vCenter' : 'the snapshot appliance',
      clockOffsetMs,
      "the worker's",
    ),
    remedy: 'set the clocks of the worker, vCenter and the snapshot appliance by one time source',
  };
}

/** Whether a host answers without a login, with its release and its clock. */
function reachability(
  { name, vsphere }: Connection,
  host: VsphereHost,
  options: CallOptions,
  bound: Bound,
): Promise<Attempted<Reached>> {
  const about = { check: 'reachability', subject: `${name} ${host}` } as const;
  return attempt(about.check, about.subject, bound, async () => {
    const found = await vsphere.reach(host, options).catch((error: unknown) => {
      throw wrongServer(host, error) ?? error;
    });
    return { found, checks: [releaseCheck(about, host, found), clockCheck(about.subject, host, found)] };
  });
}

function releaseCheck(about: About, host: VsphereHost, { version }: Reached): Check {
  if (version === undefined)
    return { ...about, state: 'ok', message: 'answers, release not told without a login' };
  const odd = host === 'appliance' ? oddRelease(version) : undefined;
  if (odd === undefined) return { ...about, state: 'ok', message: `answers, release ${version}` };
  return {
    ...about,
    state: 'warning',
    message: `answers, ${odd}`,
    remedy: 'try it with a machine that may be lost, or upgrade the snapshot appliance or Snapflow',
  };
}

const LEADS_TO: Readonly<Record<VsphereHost, string>> = {
  vcenter: 'check that vcenterUrl leads to vCenter, not to the snapshot appliance or another server',
  appliance: 'check that applianceUrl leads to the snapshot appliance, not to vCenter or another server',
};

/** The answer that every release gives without a login is missing there: it is another server. */
function wrongServer(host: VsphereHost, error: unknown): VsphereError | undefined {
  if (!(error instanceof VsphereError) || error.status !== 404) return undefined;
  const { message, kind, effect, operation, status, errorType, serverText } = error;
  const fields = { kind, effect, operation, host, status, errorType, serverText, remedy: LEADS_TO[host] };
  return new VsphereError(message.replace(`; ${error.remedy}.`, `; ${LEADS_TO[host]}.`), fields, {
    cause: error,
  });
}

/** The snapshot appliance: reachable, its clock, the login. */
async function checkAppliance(
  connection: Connection,
  options: CallOptions,
  bound: Bound,
): Promise<readonly Check[]> {
  const reached = await reachability(connection, 'appliance', options, bound);
  if (reached.found === undefined) return reached.checks;
  const about = { check: 'login', subject: `${connection.name} appliance` } as const;
  const { version } = reached.found;
  const login = await attempt(about.check, about.subject, bound, async () => {
    const message = `logged in as ${await loggedIn(connection, version !== undefined, options)}`;
    return { found: true, checks: [{ ...about, state: 'ok' as const, message }] };
  });
  if (login.found === undefined) return [...reached.checks, ...login.checks];
  const tasks = await attempt('tasks', about.subject, bound, async () => ({
    found: true,
    checks: await tasksCheck(connection, options),
  }));
  return [...reached.checks, ...login.checks, ...tasks.checks];
}

/** The service lists 1000 tasks at most. */
const MANY_TASKS = 800;

/** Says something only where the list of this account's ended tasks is nearly too long, or is. */
async function tasksCheck({ name, vsphere }: Connection, options: CallOptions): Promise<readonly Check[]> {
  const { appliance } = vsphere;
  const { user } = await appliance.whoAmI(options);
  const filter = {
    services: [VM_TASK_SERVICE],
    users: accountSpellings(user),
    statuses: ['SUCCEEDED'],
  } as const;
  const found = await appliance.listTasks(filter, options).catch(ignoreTooMany);
  if (found !== undefined && found.items.length < MANY_TASKS) return [];
  return [
    {
      check: 'tasks',
      subject: `${name} appliance`,
      state: 'warning',
      message: `remembers ${found?.items.length ?? 'more than 1000'} ended tasks of ${user}: beyond 1000 it lists none of them, and a start whose answer is lost may need an operator`,
      remedy: 'give other programs an account of their own, so that fewer tasks count',
    },
  ];
}

function ignoreTooMany(error: unknown): undefined {
  if (!(error instanceof VsphereError) || error.errorType !== 'RESOURCE_INACCESSIBLE') throw error;
}

/**
 * The account. Who it is may be known without a call (8.0.3), and `about` may ask for no login: a short list of tasks,
 * which every operation reads, is what shows that the appliance takes it.
 */
async function loggedIn(
  { vsphere: { appliance } }: Connection,
  isReleaseKnown: boolean,
  options: CallOptions,
): Promise<string> {
  await appliance.listTasks({ services: [VM_TASK_SERVICE], statuses: ['BLOCKED'] }, options);
  const { user } = await appliance.whoAmI(options);
  return isReleaseKnown ? user : `${user}, release ${(await appliance.about(options)).version}`;
}

/** vCenter: reachable, its clock, the login, the account's privileges. What needs an earlier answer is left out without it. */
async function checkVcenter(
  connection: Connection,
  options: CallOptions,
  bound: Bound,
): Promise<readonly Check[]> {
  const reached = await reachability(connection, 'vcenter', options, bound);
  if (reached.found === undefined) return reached.checks;
  const login = await vcenterLogin(connection, options, bound);
  if (login.found === undefined) return [...reached.checks, ...login.checks];
  const privileges = await attempt('privileges', connection.name, bound, async () => ({
    found: true,
    checks: [await rootPrivileges(connection, options)],
  }));
  const allowList = await attempt('allow-list', connection.name, bound, async () => ({
    found: true,
    checks: await checkAllowList(connection, options),
  }));
  return [...reached.checks, ...login.checks, ...privileges.checks, ...allowList.checks];
}

function vcenterLogin({ name, vsphere }: Connection, options: CallOptions, bound: Bound) {
  const about = { check: 'login', subject: `${name} vcenter` } as const;
  return attempt(about.check, about.subject, bound, async () => {
    // Any read logs in. An account without rights gets an empty list, not a refusal.
    const datacenters = await vsphere.vcenter.listDatacenters({}, options);
    const user = await vsphere.privileges.currentUser(options);
    const seen: Check =
      datacenters.length > 0
        ? { ...about, state: 'ok', message: `logged in as ${user}` }
        : {
            ...about,
            state: 'warning',
            message: `logged in as ${user}, who sees no datacenter`,
            remedy: 'grant the account System.View and System.Read on what it is to work with',
          };
    return { found: true, checks: [seen] };
  });
}

/** All checks of one connection. The caller waits a minute, and the connections are checked side by side. */
const PER_CONNECTION_MS = 15_000;

/** How every connection stands. A dead one delays the others not at all, and is a failed check, never a failure. */
export async function checkConnections(
  connections: readonly Connection[],
  options: CallOptions,
): Promise<readonly Check[]> {
  return (await Promise.all(connections.map((connection) => checkConnection(connection, options)))).flat();
}

async function checkConnection(connection: Connection, options: CallOptions): Promise<readonly Check[]> {
  const limit = AbortSignal.timeout(PER_CONNECTION_MS);
  const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
  const bound: Bound = { ms: PER_CONNECTION_MS, signal: limit };
  const limited = { ...options, signal };
  const hosts = await Promise.all([
    checkVcenter(connection, limited, bound),
    checkAppliance(connection, limited, bound),
  ]);
  return [...hosts.flat(), ...connection.configured];
}
