import { omitUndefined } from '../contract/omit-undefined';
import { AssertionAuthentication } from './auth/assertions';
import { applianceVersion, recognizeAppliance, ReleaseAuthentication } from './auth/release';
import { sessionService, viJsonSessionService, type SessionService } from './auth/logins';
import { RefusedLogins, SessionAuthentication } from './auth/sessions';
import { stsService } from './auth/sts';
import { HostCalls } from './calls';
import type { VsphereHost } from './errors';
import { findRoot, createPrivileges, viJsonRoot, type Privileges } from './privileges';
import type { CallOptions } from './replies';
import { hostSettings, type VsphereSettings } from './settings';
import { siteIdentity } from './site-identity';
import { createAppliance, type Appliance } from './snapservice';
import { createVcenter, type Vcenter } from './vcenter';
import { HostWire, UNOBSERVED, type VsphereObserver } from './wire/host-wire';
import { hostDispatchers, type DispatcherFor } from './wire/dispatchers';
import { systemClock, type Clock } from './wire/limits';

/** What a host answers without a login. */
export interface Reached {
  /** Absent when the host does not tell its release without a login. */
  readonly version?: string;
  /** How far the host's clock is ahead of this machine's, to about a second. Absent when its reply showed none. */
  readonly clockOffsetMs?: number;
}

/** Asks a host who it is, without credentials. Rejects with a `VsphereError` when it cannot be reached or trusted. */
type ReachHost = (host: VsphereHost, options?: CallOptions) => Promise<Reached>;

interface Ways {
  readonly vcenter: HostCalls;
  readonly vcenterWire: HostWire;
  readonly applianceWire: HostWire;
}

function reachHosts({ vcenter, vcenterWire, applianceWire }: Ways): ReachHost {
  const versionOf = async (host: VsphereHost, options?: CallOptions): Promise<string | undefined> =>
    host === 'vcenter'
      ? (await findRoot(vcenter, options)).version
      : applianceVersion(applianceWire, options?.requestId);
  return async (host, options) => {
    const version = await versionOf(host, options);
    const { clockOffsetMs } = host === 'vcenter' ? vcenterWire : applianceWire;
    return omitUndefined({ version, clockOffsetMs });
  };
}

/** What tests and embedders may put in place of the real thing. */
export interface VsphereSeams {
  clock?: Clock;
  /** Makes the pool for a host's reads (`reads`, once) and the client of one changing call (`change`, each time). */
  dispatcherFor?: DispatcherFor;
  observer?: VsphereObserver;
}

export interface VsphereConnection {
  readonly name: string;
  readonly appliance: Appliance;
  readonly vcenter: Vcenter;
  readonly privileges: Privileges;
  /** Looks whether a host answers. Needs no account. */
  readonly reach: ReachHost;
  /** Which vCenter it is, to a minute. Needs no account. Undefined where it does not say. */
  readonly identity: () => Promise<string | undefined>;
  /** Milliseconds since the epoch by the host's clock, as its last reply told. By this machine's where none did. */
  readonly hostNowMs: (host: VsphereHost) => number;
  /** Logs out of both hosts (best effort, at most 3 s each, side by side) and closes every kept connection. Later calls fail. */
  close(): Promise<void>;
}

/** Opens nothing yet: the first call to a host logs in there. Throws a TypeError naming the setting that cannot be right. */
export function openConnection(settings: VsphereSettings, seams: VsphereSeams = {}): VsphereConnection {
  const applianceWire = openWire(settings, 'appliance', seams);
  const vcenterWire = openWire(settings, 'vcenter', seams);
  const { clock = systemClock, observer = UNOBSERVED } = seams;
  const refusals = new RefusedLogins(clock, (outcome) => observer.loggedIn(outcome));
  const sessions = (service: SessionService) => new SessionAuthentication(service, refusals, clock);

  const vcenter = new HostCalls(
    vcenterWire,
    sessions(sessionService(vcenterWire, ['api', 'session'], settings)),
  );
  const rootOf = viJsonRoot(vcenter);
  const viJson = new HostCalls(vcenterWire, sessions(viJsonSessionService(vcenterWire, rootOf, settings)));
  const releases = new ReleaseAuthentication({
    recognize: recognizeAppliance(applianceWire, (warning) => observer.warned(warning)),
    sessions: sessions(sessionService(applianceWire, ['api', 'snapservice', 'sessions'], settings)),
    assertions: new AssertionAuthentication(stsService(vcenterWire, settings, clock), refusals, clock),
  });
  const appliance = new HostCalls(applianceWire, releases);

  const closeAll = async (): Promise<void> => {
    await Promise.all([appliance, vcenter, viJson].map((calls) => calls.close()));
    await Promise.all([applianceWire, vcenterWire].map((wire) => wire.close()));
  };
  let closing: Promise<void> | undefined;
  return {
    name: settings.name,
    appliance: createAppliance(appliance),
    vcenter: createVcenter(vcenter),
    privileges: createPrivileges({ shared: vcenter, own: viJson, rootOf }),
    reach: reachHosts({ vcenter, vcenterWire, applianceWire }),
    identity: siteIdentity(async () => (await findRoot(vcenter)).instanceUuid, clock),
    hostNowMs: (host) => Date.now() + ((host === 'vcenter' ? vcenterWire : applianceWire).clockOffsetMs ?? 0),
    close: () => (closing ??= closeAll()),
  };
}

function openWire(settings: VsphereSettings, host: VsphereHost, seams: VsphereSeams): HostWire {
  const checked = hostSettings(settings, host);
  return new HostWire(checked, seams.dispatcherFor ?? hostDispatchers(checked), seams.observer, seams.clock);
}
