import { chown, copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from '../../packages/dev-server/src/child-group';
import type { ClusterPlace } from './cluster-place';
import type { ServiceHere } from './service-here';

/** Some seconds on a busy machine. */
const LIMIT_MS = 60_000;

/** What the image does at its first start: an empty database cluster with the password of the secret. */
export async function initPostgres({ folder }: ClusterPlace, { env, user }: ServiceHere): Promise<void> {
  const home = join(folder, 'var/lib/postgresql');
  const passwordFile = join(home, 'password');
  await copyFile(env['POSTGRES_PASSWORD_FILE'] ?? '', passwordFile);
  if (user.uid !== undefined && user.gid !== undefined)
    for (const path of [home, passwordFile]) await chown(path, user.uid, user.gid);
  const fromCompose = env['POSTGRES_INITDB_ARGS']?.split(' ') ?? [];
  await runToEnd(
    join(folder, 'bin/initdb'),
    [
      `--pgdata=${join(home, 'data')}`,
      `--username=${env['POSTGRES_USER']}`,
      `--pwfile=${passwordFile}`,
      // What the image asks for by default.
      '--auth=scram-sha-256',
      ...fromCompose,
    ],
    LIMIT_MS,
    { cwd: home, env: { ...env }, ...user },
  );
  await rm(passwordFile);
}
