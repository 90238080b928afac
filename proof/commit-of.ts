import { execFileSync } from 'node:child_process';

const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

/** What decides a round: the product and the proof, without its results. */
export const PROVEN = ['src', 'proof', ':!proof/results'] as const;

/** Of what something was measured: the commit, with `+` where something of these pathspecs differs from it. */
export const commitOf = (pathspecs: readonly string[]): string =>
  git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', ...pathspecs) === '' ? '' : '+');
