/*
 * Finds, installs and runs a Temporal development server. Knows nothing of Snapflow.
 *
 * start-dev-server.ts    starts the server and waits until it serves
 * dev-server-options.ts  the options of a start as arguments
 * find-temporal.ts       address, PATH or cache: where Temporal is
 * find-on-path.ts        a program on the PATH
 * temporal-cache.ts      the cache folder and its version
 * temporal-runs.ts       whether a program is a working Temporal
 * install-temporal.ts    downloads or builds, once
 * install-lock.ts        one installer at a time
 * go-install.ts          runs go install
 * wait-until-ready.ts    waits until the server answers
 * child-group.ts         a child process with all its children
 * end-with-us.ts         ends the child with this process
 * run-to-end.ts          runs a program to its end
 * is-alive.ts            whether a process lives
 * free-port.ts           a free port on loopback
 * work-folder.ts         a folder for the server's data
 * progress.ts            what is said during an installation
 */
/**
 * Finds or installs the `temporal` command line and runs its development server.
 *
 * - `find-temporal`: the server or binary that this machine has, else `install-temporal`
 * - `install-temporal`: `download-temporal` or `build-temporal` (Go), once per user (`temporal-cache`, `install-lock`)
 * - `start-dev-server`: the server as a child that never outlives this process (`child-group`, `end-with-us`)
 */
export { startChildGroup, type ChildGroup } from './child-group';
export type { DevServerOptions } from './dev-server-options';
export { endWithUs } from './end-with-us';
export { findTemporal, findTemporalBinary, type FoundTemporal, type TemporalBinary } from './find-temporal';
export { startDevServer, type DevServer } from './start-dev-server';
