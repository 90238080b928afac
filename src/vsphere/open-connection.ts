import type { Dispatcher } from 'undici';
import type { Appliance } from './appliance';
import type { Clock } from './clock';
import type { Privileges } from './privileges';
import type { VsphereSettings } from './settings';
import type { Vcenter } from './vcenter';
import type { VsphereHost } from './vsphere-error';

/** What tests and embedders may put in place of the real thing. */
export interface VsphereSeams {
  clock?: Clock;
  /** Makes the pool for a host's reads (`reads`, once) and the client of one changing call (`change`, each time). */
  dispatcherFor?: (use: { host: VsphereHost; origin: string; purpose: 'reads' | 'change' }) => Dispatcher;
}

export interface VsphereConnection {
  readonly name: string;
  readonly appliance: Appliance;
  readonly vcenter: Vcenter;
  readonly privileges: Privileges;
  /** Logs out of both hosts (best effort, at most 3 s) and closes every kept connection. Later calls fail. */
  close(): Promise<void>;
}

/** Opens nothing yet: the first call to a host logs in there. Throws a TypeError naming the setting that cannot be right. */
export function openConnection(settings: VsphereSettings, _seams: VsphereSeams = {}): VsphereConnection {
  throw new TypeError(`the connection ${settings.name} cannot be opened yet`);
}
