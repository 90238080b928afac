import os from 'node:os';
import { commitOf } from '../proof/commit-of';

/** Where and of what a row was measured. */
export interface Circumstances {
  readonly commit: string;
  readonly machine: string;
  readonly at: string;
  /** Load average of the minute before: above the number of cores somebody else was busy. */
  readonly load: number;
}

/** A row that was written is no change of what the next one measures, or no run could be resumed. */
const RESULTS = [':!bench/results.json', ':!bench/RESULTS.md'];

export const circumstances = (): Circumstances => ({
  commit: commitOf(['src', 'bench', ...RESULTS]),
  machine: `${os.availableParallelism()} cores (${os.cpus()[0]?.model ?? 'unknown'}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}, Node ${process.version}`,
  at: new Date().toISOString(),
  load: Number(os.loadavg()[0]?.toFixed(1)),
});
