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

export const circumstances = (): Circumstances => ({
  commit: commitOf(['src', 'bench']),
  machine: `${os.availableParallelism()} cores (${os.cpus()[0]?.model ?? 'unknown'}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}, Node ${process.version}`,
  at: new Date().toISOString(),
  load: Number(os.loadavg()[0]?.toFixed(1)),
});
