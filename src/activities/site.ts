import type { AllowList } from '../contract/allow-list';
import type { Check } from '../contract/check';
import type { OperationSettings } from '../contract/settings';
import type { TaskWatcher, VsphereConnection } from '../vsphere';
import type { Capacity } from './capacity';
import { failWith } from './to-failure';
import type { Turns } from './turns';

/** One configured connection, as the worker holds it: one session and one task watcher for everybody. */
export interface Site {
  readonly name: string;
  readonly vsphere: VsphereConnection;
  readonly watcher: TaskWatcher;
  readonly settings: OperationSettings;
  readonly allow: AllowList;
  /** Requests that are checked at once: a crowd of them waits here rather than in the hosts' queues. */
  readonly checks: Turns;
  readonly capacity: Capacity;
  /** What its configuration says by itself, for `doctor`. */
  readonly configured: readonly Check[];
}

export type Sites = ReadonlyMap<string, Site>;

export function siteOf(sites: Sites, name: string): Site {
  const site = sites.get(name);
  if (site !== undefined) return site;
  const known = [...sites.keys()].map((key) => `"${key}"`).join(', ');
  return failWith(
    'UnknownConnection',
    `connection "${name}" is not configured on the worker, which has ${known}: name one of these, or add it to the worker's configuration.`,
    { field: 'connection', value: name, known: [...sites.keys()] },
  );
}
