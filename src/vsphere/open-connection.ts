import type { Appliance } from './appliance';
import { systemClock, type Clock } from './clock';
import { createAppliance } from './create-appliance';
import { createPrivileges } from './create-privileges';
import { createVcenter } from './create-vcenter';
import { HostCalls } from './host-calls';
import { hostDispatchers, type DispatcherFor } from './host-dispatchers';
import { hostSettings } from './host-settings';
import { HostWire } from './host-wire';
import type { Privileges } from './privileges';
import { SessionAuthentication } from './session-authentication';
import { sessionService } from './session-service';
import type { VsphereSettings } from './settings';
import type { Vcenter } from './vcenter';
import type { VsphereHost } from './vsphere-error';

/** What tests and embedders may put in place of the real thing. */
export interface VsphereSeams {
  clock?: Clock;
  /** Makes the pool for a host's reads (`reads`, once) and the client of one changing call (`change`, each time). */
  dispatcherFor?: DispatcherFor;
}

export interface VsphereConnection {
  readonly name: string;
  readonly appliance: Appliance;
  readonly vcenter: Vcenter;
  readonly privileges: Privileges;
  /** Logs out of both hosts (best effort, at most 3 s each, side by side) and closes every kept connection. Later calls fail. */
  close(): Promise<void>;
}

const SESSION_PATH: Readonly<Record<VsphereHost, readonly string[]>> = {
  vcenter: ['api', 'session'],
  appliance: ['api', 'snapservice', 'sessions'],
};

/** Opens nothing yet: the first call to a host logs in there. Throws a TypeError naming the setting that cannot be right. */
export function openConnection(settings: VsphereSettings, seams: VsphereSeams = {}): VsphereConnection {
  const appliance = openHost(settings, 'appliance', seams);
  const vcenter = openHost(settings, 'vcenter', seams);
  return {
    name: settings.name,
    appliance: createAppliance(appliance),
    vcenter: createVcenter(vcenter),
    privileges: createPrivileges(vcenter),
    close: async () => {
      await Promise.all([appliance.close(), vcenter.close()]);
    },
  };
}

function openHost(settings: VsphereSettings, host: VsphereHost, seams: VsphereSeams): HostCalls {
  const checked = hostSettings(settings, host);
  const wire = new HostWire(checked, seams.dispatcherFor ?? hostDispatchers(checked));
  const service = sessionService(wire, SESSION_PATH[host], settings);
  return new HostCalls(wire, new SessionAuthentication(service, seams.clock ?? systemClock));
}
