import { ApplicationFailure } from '@temporalio/common';
import type { AllowList } from '../contract/allow-list';
import type { Check } from '../contract/check';
import type { FailureDetails } from '../contract/failure-details';
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

/** Of a request that is only checked: nothing was changed yet, so a connection that is not there is final. */
export function siteOf(sites: Sites, name: string): Site {
  return sites.get(name) ?? failWith('UnknownConnection', notConfigured(sites, name), details(sites, name));
}

/**
 * Of a request that may have had its effect. A worker that lacks its connection is an accident (a deployment with half of
 * the configuration): the step is tried again, by whichever worker comes next, and shows as blocked meanwhile.
 */
export function siteOfBegun(sites: Sites, name: string): Site {
  const site = sites.get(name);
  if (site !== undefined) return site;
  throw ApplicationFailure.retryable(notConfigured(sites, name), 'UnknownConnection', details(sites, name));
}

export const notConfigured = (sites: Sites, name: string): string =>
  `connection "${name}" is not configured on the worker, which has ${[...sites.keys()].map((key) => `"${key}"`).join(', ')}: name one of these, or add it to the worker's configuration.`;

const details = (sites: Sites, name: string): FailureDetails['UnknownConnection'] => ({
  field: 'connection',
  value: name,
  known: [...sites.keys()],
});
