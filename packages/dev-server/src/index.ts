/*
 * Finds, installs and runs a Temporal development server. Knows nothing of Snapflow.
 *
 * start-dev-server.ts  starts the server with its options and waits until it serves
 * find-temporal.ts     address, PATH or cache: where Temporal is
 * temporal-cache.ts    programs of the PATH and of the cache, and its work folders
 * install-temporal.ts  downloads or builds, once
 * install-lock.ts      one installer at a time
 * progress.ts          what is said during an installation
 * child-group.ts       a child process with all its children, which ends with this one
 */
/** Finds or installs the `temporal` command line, once per user, and runs its development server. */
export { endWithUs, startChildGroup, type ChildGroup } from './child-group';
export { findTemporal, findTemporalBinary, type FoundTemporal, type TemporalBinary } from './find-temporal';
export { startDevServer, type DevServer, type DevServerOptions } from './start-dev-server';
