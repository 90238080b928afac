import type { Row } from './row';
import { calls } from './rows/calls';
import { cost } from './rows/cost';
import { crowd } from './rows/crowd';
import { footprint } from './rows/footprint';
import { lag } from './rows/lag';
import { latency } from './rows/latency';
import { recovery } from './rows/recovery';
import { startUp } from './rows/start-up';
import { throughput, throughputPostgresql } from './rows/throughput';
import { watcher } from './rows/watcher';

/** In the order in which they run and are reported. */
export const ROWS: readonly Row[] = [
  lag,
  watcher,
  calls,
  throughput,
  throughputPostgresql,
  latency,
  cost,
  crowd,
  footprint,
  recovery,
  startUp,
];

/** Short enough, together, for two minutes. */
export const QUICK: readonly Row[] = [watcher, throughput, latency, cost, startUp];
