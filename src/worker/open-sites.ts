import { Capacity } from '../activities/capacity';
import type { Site, Sites } from '../activities/site';
import { Turns } from '../activities/turns';
import type { ConnectionConfig } from '../config/worker-config';
import { configurationChecks } from './configuration-checks';
import { openConnection, TaskWatcher, type VsphereObserver } from '../vsphere';

/** Tells of one connection, by its name. */
export type ObserverOf = (connection: string) => VsphereObserver;

/** The configured connections; nothing is called until the first activity needs one. */
export const openSites = (connections: readonly ConnectionConfig[], observerOf?: ObserverOf): Sites =>
  new Map(connections.map((config) => [config.vsphere.name, openSite(config, connections, observerOf)]));

function openSite(config: ConnectionConfig, all: readonly ConnectionConfig[], observerOf?: ObserverOf): Site {
  const { vsphere: settings, operation, limits, allow } = config;
  const vsphere = openConnection(
    settings,
    observerOf === undefined ? {} : { observer: observerOf(settings.name) },
  );
  const watcher = new TaskWatcher(vsphere.appliance);
  return {
    name: settings.name,
    vsphere,
    watcher,
    settings: operation,
    allow,
    checks: new Turns(limits.checksAtOnce),
    capacity: new Capacity(limits.tasksInFlight, () => watcher.size),
    configured: configurationChecks(config, all),
  };
}

/** Logs out everywhere: an idle session counts against the account for half an hour. */
export async function closeSites(sites: Sites): Promise<void> {
  await Promise.all([...sites.values()].map(({ vsphere }) => vsphere.close()));
}
