import { Capacity } from '../activities/capacity';
import type { Site, Sites } from '../activities/site';
import { Turns } from '../activities/turns';
import type { ConnectionConfig } from '../config/worker-config';
import { configurationChecks } from './configuration-checks';
import { openConnection, TaskWatcher } from '../vsphere';

/** The configured connections; nothing is called until the first activity needs one. */
export const openSites = (connections: readonly ConnectionConfig[]): Sites =>
  new Map(connections.map((config) => [config.vsphere.name, openSite(config, connections)]));

function openSite(config: ConnectionConfig, all: readonly ConnectionConfig[]): Site {
  const { vsphere: settings, operation, limits, allow } = config;
  const vsphere = openConnection(settings);
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
