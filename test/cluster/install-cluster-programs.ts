import { join } from 'node:path';
import { findOnPath } from '../../packages/dev-server/src/temporal-cache';
import { findTemporalBinary } from '../../packages/dev-server/src/find-temporal';
import { composeVariables } from './load-compose';
import { findPostgres } from './find-postgres';
import { goModuleFolder, installGoProgram, type GoProgram } from './install-go-program';

/** What the images of the production form bring, as it is on this machine. */
export interface ClusterPrograms {
  /** Names that commands of the compose file use, to the programs that they are here. */
  readonly commands: Readonly<Record<string, string>>;
  readonly postgresFolder: string;
  /** Sources of the server: the schema and the images' entry point. */
  readonly serverSources: string;
  /** Sources of the UI: the configuration that its image brings. */
  readonly uiSources: string;
}

/** Of the releases in `.env`; what is missing is built into the per-user cache. */
export async function installClusterPrograms(): Promise<ClusterPrograms> {
  const versions = composeVariables();
  const postgresFolder = await findPostgres(versions['POSTGRES_VERSION'] ?? '');
  if ((await findOnPath('wget', process.env)) === undefined)
    throw new Error(
      'The health checks of the compose file use wget, which is not on PATH: install the Debian package wget',
    );
  const server: GoProgram = {
    name: 'temporal-server',
    version: versions['TEMPORAL_SERVER_VERSION'] ?? '',
    module: 'go.temporal.io/server',
    packages: ['cmd/server', 'cmd/tools/sql'],
  };
  const ui: GoProgram = {
    name: 'temporal-ui',
    version: versions['TEMPORAL_UI_VERSION'] ?? '',
    module: 'github.com/temporalio/ui-server/v2',
    packages: ['cmd/server'],
  };
  const serverFolder = await installGoProgram(server);
  const uiFolder = await installGoProgram(ui);
  const { path: temporal } = await findTemporalBinary();
  const ofPostgres = [
    'postgres',
    'initdb',
    'pg_isready',
    'pg_dump',
    'pg_restore',
    'createdb',
    'dropdb',
    'psql',
  ];
  return {
    commands: {
      'temporal-server': join(serverFolder, 'server'),
      'temporal-sql-tool': join(serverFolder, 'sql'),
      'ui-server': join(uiFolder, 'server'),
      temporal,
      node: process.execPath,
      ...Object.fromEntries(ofPostgres.map((name) => [name, join(postgresFolder, name)])),
    },
    postgresFolder,
    serverSources: await goModuleFolder(server),
    uiSources: await goModuleFolder(ui),
  };
}
