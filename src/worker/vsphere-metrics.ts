import type { MetricMeter } from '@temporalio/common';
import type { ObservedCall, VsphereObserver } from '../vsphere';
import { METRICS } from '../contract/metrics';
import type { KnownSecrets } from './known-secrets';
import type { ObserverOf } from './open-sites';

const MS_PER_S = 1_000;

/** Counts the calls and logins of each connection; labels come from closed lists and from the configuration. */
export function vsphereMetrics(meter: MetricMeter, secrets: KnownSecrets): ObserverOf {
  const { calls, callDuration, logins } = METRICS;
  const called = meter.createCounter(calls.name, undefined, calls.help);
  const took = meter.createHistogram(callDuration.name, 'float', 'seconds', callDuration.help);
  const loggedIn = meter.createCounter(logins.name, undefined, logins.help);
  return (connection): VsphereObserver => ({
    called: (call) => {
      const { host, operation, durationMs } = call;
      called.add(1, { connection, host, operation, outcome: outcomeOf(call) });
      took.record(durationMs / MS_PER_S, { connection, host });
    },
    loggedIn: (outcome) => loggedIn.add(1, { connection, outcome }),
    secretInUse: (secret) => secrets.add(secret),
  });
}

/** `2xx`, `4xx` and so on, or why there was no answer: `unreachable`, `tls`, `deadline`, ... */
const outcomeOf = ({ outcome }: ObservedCall): string =>
  typeof outcome === 'number' ? `${Math.trunc(outcome / 100)}xx` : outcome;
