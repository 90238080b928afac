import { loadCompose, type Compose } from './load-compose';
import { openClusterPlace, type ClusterPlace } from './cluster-place';
import { composeRun, type ComposeRun } from './compose-run';
import { installClusterPrograms } from './install-cluster-programs';

export interface ClusterOptions {
  /** Whether Temporal's UI is served, too. Default: it is not. */
  readonly ui?: boolean;
}

/** Temporal on PostgreSQL, with the namespace and the search attributes of the production form. */
export interface Cluster {
  /** `host:port` for gRPC. */
  readonly address: string;
  readonly namespace: string;
  /** Absent without a UI. */
  readonly uiUrl?: string;
  /** The services of the production form: starts more of them, kills one, runs a job again. */
  readonly run: ComposeRun;
  readonly compose: Compose;
  readonly place: ClusterPlace;
  /** Ends every process and removes everything that was written. */
  stop(): Promise<void>;
}

/**
 * Starts the production form of docker-compose.production.yml as plain processes on free ports of 127.0.0.1: its database,
 * its jobs and its server, by the commands, the environment and the health checks of that file.
 *
 * What is missing is built with Go, once, which takes some minutes.
 * @throws Error that names the Debian package where PostgreSQL is absent, or with the last words of what did not start
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const programs = await installClusterPrograms();
  const compose = loadCompose('docker-compose.production.yml');
  const place = await openClusterPlace(compose, programs);
  const run = composeRun(compose, place);
  const stop = async (): Promise<void> => {
    await run.stop();
    await place.remove();
  };
  try {
    await run.up(['search-attributes', ...(options.ui === true ? ['ui'] : [])]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    address: `127.0.0.1:${place.ports.frontend}`,
    namespace: String(compose.services['worker']?.environment?.['TEMPORAL_NAMESPACE']),
    ...(options.ui === true ? { uiUrl: `http://127.0.0.1:${place.ports.ui}` } : {}),
    run,
    compose,
    place,
    stop,
  };
}
