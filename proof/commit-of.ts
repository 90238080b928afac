import { execFileSync } from 'node:child_process';

const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

/** Of what something was measured: the commit, with `+` where these folders differ from it. */
export const commitOf = (folders: readonly string[]): string =>
  git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', ...folders) === '' ? '' : '+');
