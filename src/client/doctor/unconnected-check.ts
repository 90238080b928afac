import type { Check } from '../../contract/check';
import type { TemporalUnavailable } from '../temporal-unavailable';
import type { Destination } from '../explain-service-error';
import { failedCheck } from './failed-check';

/** The one check there is when no connection to Temporal came about. */
export const unconnectedCheck = (error: TemporalUnavailable, { address, namespace }: Destination): Check =>
  error.reason === 'namespace'
    ? failedCheck({ check: 'namespace', subject: namespace }, error)
    : failedCheck({ check: 'temporal', subject: address }, error);
