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
