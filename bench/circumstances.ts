import { execFileSync } from 'node:child_process';
import os from 'node:os';

/** Where and of what a row was measured. */
export interface Circumstances {
  readonly commit: string;
  readonly machine: string;
  readonly at: string;
  /** Load average of the minute before: above the number of cores somebody else was busy. */
  readonly load: number;
}

const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

/** With `+` where the tree differs from its commit. */
const commit = (): string =>
  git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', 'src', 'bench') === '' ? '' : '+');

export const circumstances = (): Circumstances => ({
  commit: commit(),
  machine: `${os.availableParallelism()} cores (${os.cpus()[0]?.model ?? 'unknown'}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}, Node ${process.version}`,
  at: new Date().toISOString(),
  load: Number(os.loadavg()[0]?.toFixed(1)),
});
