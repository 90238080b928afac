import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { delimiter } from 'node:path';

/** Names the network namespace of the process that made this one. */
const MADE_BY = 'SNAPFLOW_PROOF_NAMESPACE_OF';
const NEW_NAMESPACE = ['--map-root-user', '--net'] as const;
/** Making a namespace takes milliseconds. */
const TRIAL_LIMIT_MS = 10_000;

/** Debian keeps the last two where only root looks. */
const PROGRAMS = ['unshare', 'ip', 'nft'] as const;

/** With the folders of root's programs. */
export const namespaceEnv = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: [process.env['PATH'] ?? '', '/usr/sbin', '/sbin'].join(delimiter),
});

const currentNamespace = (): string => readlinkSync('/proc/self/ns/net');

/** Whether this process has a network of its own, which nothing else on the machine uses. */
export function isInOwnNamespace(): boolean {
  const maker = process.env[MADE_BY];
  return maker !== undefined && currentNamespace() !== maker;
}

/** Why rounds with packet loss cannot be played here, as a clause; undefined where they can. */
export function whyNoNamespace(env: NodeJS.ProcessEnv = namespaceEnv()): string | undefined {
  const runs = (file: string, args: readonly string[]) =>
    spawnSync(file, args, { env, timeout: TRIAL_LIMIT_MS, encoding: 'utf8' });
  for (const program of PROGRAMS) {
    // Whatever it answers: it is there.
    if (runs(program, ['--version']).error !== undefined)
      return `there is no ${program} on PATH (Debian: ${PACKAGES[program]})`;
  }
  const trial = runs('unshare', [...NEW_NAMESPACE, 'sh', '-c', 'ip link set lo up && nft list ruleset']);
  if (trial.status === 0) return undefined;
  return `no network namespace can be made (${trial.stderr.trim().split('\n').at(-1) ?? ''})`;
}

const PACKAGES = { unshare: 'util-linux', ip: 'iproute2', nft: 'nftables' } as const;

/** Runs a program of Node in a network namespace of its own, whose loopback is up; resolves with its exit code. */
export async function runInNamespace(args: readonly string[]): Promise<number | null> {
  const upThenRun = 'ip link set lo up && exec "$0" "$@"';
  const child = spawn('unshare', [...NEW_NAMESPACE, 'sh', '-c', upThenRun, process.execPath, ...args], {
    stdio: 'inherit',
    env: { ...namespaceEnv(), [MADE_BY]: currentNamespace() },
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}
