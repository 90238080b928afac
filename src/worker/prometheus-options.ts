import { isIPv6 } from 'node:net';
import type { TelemetryOptions } from '@temporalio/worker';
import type { MetricsConfig } from '../config/worker-config';
import { METRICS } from '../contract/metrics';

/** Calls answer in milliseconds and are given up after 10 s. */
const CALL_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** A check takes a second, a clone minutes, a decision hours. */
const PHASE_BUCKETS_S = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400];

/** All three flags: without any one of them Temporal's own dashboards and alert rules find nothing. */
export const prometheusOptions = ({
  host,
  port,
}: MetricsConfig): NonNullable<TelemetryOptions['metrics']> => ({
  prometheus: {
    bindAddress: `${isIPv6(host) ? `[${host}]` : host}:${port}`,
    countersTotalSuffix: true,
    unitSuffix: true,
    useSecondsForDurations: true,
    histogramBucketOverrides: {
      [METRICS.callDuration.name]: CALL_BUCKETS_S,
      [METRICS.phaseDuration.name]: PHASE_BUCKETS_S,
    },
  },
});
