import { readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findOnPath } from '../../packages/dev-server/src/temporal-cache';

/** Who runs PostgreSQL: it refuses to be root. Empty where we are somebody else already. */
export interface PostgresUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** The folder with PostgreSQL's programs: Debian's of this major version, else that of an `initdb` on PATH. */
export async function findPostgres(version: string): Promise<string> {
  const [major] = version.split('.');
  const ofDebian = `/usr/lib/postgresql/${major}/bin`;
  if (await isThere(join(ofDebian, 'initdb'))) return ofDebian;
  const onPath = await findOnPath('initdb', process.env);
  if (onPath !== undefined) return dirname(onPath);
  throw new Error(
    `PostgreSQL is not on this machine (no ${ofDebian}/initdb, no initdb on PATH): install the Debian package postgresql-${major}`,
  );
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** `postgres`, else `nobody`, where we are root. */
export function postgresUser(): PostgresUser {
  if (process.getuid?.() !== 0) return {};
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account = ['postgres', 'nobody']
    .map((name) => accounts.find(([one]) => one === name))
    .find((found) => found !== undefined);
  if (account === undefined)
    throw new Error(
      'PostgreSQL refuses to run as root, and /etc/passwd has neither postgres nor nobody: add one',
    );
  return { uid: Number(account[2]), gid: Number(account[3]) };
}
