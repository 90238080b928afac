import { spawnSync } from 'node:child_process';
import { CLEAN_ENV } from '../environment/program';

/** From npm's cache it takes a second; a registry that does not answer must not hold the tests up. */
const LIMIT_MS = 60_000;

/** The program of a Node release: this one, or the one that npm brings; undefined where it cannot be had here. */
export function nodeRelease(major: number): string | undefined {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const args = ['--yes', '--prefer-offline', '--package', `node@${major}`, 'node', '-p', 'process.execPath'];
  const asked = spawnSync('npx', args, { env: CLEAN_ENV, encoding: 'utf8', timeout: LIMIT_MS });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}
