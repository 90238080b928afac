import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Compose } from './load-compose';
import { clusterPorts, type ClusterPorts } from './cluster-ports';
import type { ClusterPrograms } from './install-cluster-programs';

const ROOT = join(__dirname, '../..');

/** A folder that stands for the containers' file systems, and ports that stand for their networks. */
export interface ClusterPlace {
  readonly folder: string;
  readonly ports: ClusterPorts;
  /** PATH of every process: the images' programs, then the system's own. */
  readonly path: string;
  remove(): Promise<void>;
}

/** What the images bring, and what the compose file puts into them: configurations and secrets. */
export async function openClusterPlace(compose: Compose, programs: ClusterPrograms): Promise<ClusterPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'snapflow-cluster-'));
  // PostgreSQL, which is another user, passes through to its own folder.
  await chmod(folder, 0o711);
  const inside = async (path: string): Promise<string> => {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    return target;
  };
  await fromImages(inside, programs);
  for (const service of Object.values(compose.services))
    for (const { source, target } of service.configs ?? [])
      await copyFile(join(ROOT, compose.configs?.[source]?.file ?? ''), await inside(target));
  for (const name of Object.keys(compose.secrets ?? {}))
    await writeFile(await inside(`/run/secrets/${name}`), randomBytes(24).toString('hex'), { mode: 0o600 });
  for (const path of ['/run/secrets/vsphere', '/var/lib/snapflow', '/var/lib/postgresql'])
    await mkdir(await inside(path), { recursive: true });
  return {
    folder,
    ports: await clusterPorts(),
    path: `${join(folder, 'bin')}:/usr/local/bin:/usr/bin:/bin`,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function fromImages(
  inside: (path: string) => Promise<string>,
  { commands, serverSources, uiSources }: ClusterPrograms,
): Promise<void> {
  for (const [name, program] of Object.entries(commands))
    await symlink(program, await inside(`/bin/${name}`));
  const entryPoint = await inside('/etc/temporal/entrypoint.sh');
  const script = await readFile(join(serverSources, 'docker/scripts/sh/entrypoint.sh'), 'utf8');
  // The image's shell knows `pipefail`, Debian's sh does not.
  await writeFile(entryPoint, script.replace('#!/bin/sh', '#!/usr/bin/env bash'), { mode: 0o755 });
  await symlink(join(serverSources, 'schema'), await inside('/etc/temporal/schema'));
  const uiConfig = await readFile(join(uiSources, 'config/docker.yaml'), 'utf8');
  // The image has a network of its own; here it is this machine's.
  await writeFile(await inside('/home/ui-server/config/docker.yaml'), `${uiConfig}\nhost: 127.0.0.1\n`);
}
