import type { Appliance } from './appliance';
import { applianceLogin } from './appliance-release';
import { AssertionAuthentication } from './assertion-authentication';
import { systemClock, type Clock } from './clock';
import { createAppliance } from './create-appliance';
import { createPrivileges } from './create-privileges';
import { createVcenter } from './create-vcenter';
import { HostCalls } from './host-calls';
import { hostDispatchers, type DispatcherFor } from './host-dispatchers';
import { hostSettings } from './host-settings';
import { HostWire } from './host-wire';
import type { Privileges } from './privileges';
import { reachHosts, type ReachHost } from './reach-hosts';
import { RefusedLogins } from './refused-logins';
import { ReleaseAuthentication } from './release-authentication';
import { SessionAuthentication, type SessionService } from './session-authentication';
import { sessionService } from './session-service';
import type { VsphereSettings } from './settings';
import { stsService } from './sts-service';
import type { Vcenter } from './vcenter';
import { viJsonRoot } from './vi-json';
import { viJsonSessionService } from './vi-json-session-service';
import type { VsphereHost } from './vsphere-error';
import { UNOBSERVED, type VsphereObserver } from './vsphere-observer';

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
  /** Looks whether a host answers; needs no account. */
  readonly reach: ReachHost;
  /** Logs out of both hosts (best effort, at most 3 s each, side by side) and closes every kept connection. Later calls fail. */
  close(): Promise<void>;
}

/** Opens nothing yet: the first call to a host logs in there. Throws a TypeError naming the setting that cannot be right. */
export function openConnection(settings: VsphereSettings, seams: VsphereSeams = {}): VsphereConnection {
  const applianceWire = openWire(settings, 'appliance', seams);
  const vcenterWire = openWire(settings, 'vcenter', seams);
  const { clock = systemClock, observer = UNOBSERVED } = seams;
  const refusals = new RefusedLogins(clock, (outcome) => observer.loggedIn(outcome));
  const sessions = (service: SessionService) => new SessionAuthentication(service, refusals);

  const vcenter = new HostCalls(
    vcenterWire,
    sessions(sessionService(vcenterWire, ['api', 'session'], settings)),
  );
  const rootOf = viJsonRoot(vcenter);
  const viJson = new HostCalls(vcenterWire, sessions(viJsonSessionService(vcenterWire, rootOf, settings)));
  const releases = new ReleaseAuthentication({
    login: applianceLogin(applianceWire),
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
    close: () => (closing ??= closeAll()),
  };
}

function openWire(settings: VsphereSettings, host: VsphereHost, seams: VsphereSeams): HostWire {
  const checked = hostSettings(settings, host);
  return new HostWire(checked, seams.dispatcherFor ?? hostDispatchers(checked), seams.observer, seams.clock);
}
