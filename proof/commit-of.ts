import { execFileSync } from 'node:child_process';

const git = (cwd: string | undefined, ...args: readonly string[]): string =>
  execFileSync('git', args, { encoding: 'utf8', cwd }).trim();

/** What decides a round: the product and the proof, without its results. */
export const PROVEN = ['src', 'proof', ':!proof/results'] as const;

/** Of what something was measured: the commit, with `+` where something of these pathspecs differs from it. `folder`: another checkout. */
export const commitOf = (pathspecs: readonly string[], folder?: string): string =>
  git(folder, 'rev-parse', '--short', 'HEAD') +
  (git(folder, 'status', '--porcelain', '--', ...pathspecs) === '' ? '' : '+');
