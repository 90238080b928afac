import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from './start-cluster';
import { serviceHere } from './service-here';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The image trusts who comes from inside its container; here that is this whole machine, which is asked for a password. */
const trusted = (name: string, env: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  name === 'postgresql' ? { PGPASSWORD: readFileSync(env['POSTGRES_PASSWORD_FILE'] ?? '', 'utf8') } : {};

/**
 * Writes a program `docker` that knows `compose exec [-T] SERVICE COMMAND` and `compose run [--rm] SERVICE` alone: it runs
 * the command with the environment that the service has here. @returns its folder, for PATH
 */
export function dockerHere({ compose, place }: Cluster): string {
  const cases = Object.entries(compose.services)
    .filter(([name, service]) => service.command !== undefined || name === 'worker')
    .flatMap(([name, service]) => {
      const { env, cwd, command } = serviceHere(name, service, place);
      const prefix = `cd ${quoted(cwd)} && exec env -i ${Object.entries({ ...env, ...trusted(name, env) })
        .map(([key, value]) => quoted(`${key}=${value}`))
        .join(' ')}`;
      return [
        `  "exec ${name}") ${prefix} "$@" ;;`,
        `  "run ${name}") ${prefix} ${command.map(quoted).join(' ')} ;;`,
      ];
    });
  const script = `#!/bin/sh
[ "$1" = compose ] || exit 64
verb=$2
shift 2
while case $1 in -*) true ;; *) false ;; esac do shift; done
service=$1
shift
case "$verb $service" in
${cases.join('\n')}
  *) echo "docker: $verb $service is not known here" >&2; exit 64 ;;
esac
`;
  const folder = join(place.folder, 'docker-bin');
  mkdirSync(folder);
  writeFileSync(join(folder, 'docker'), script);
  chmodSync(join(folder, 'docker'), 0o755);
  return folder;
}
