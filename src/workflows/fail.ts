import { ApplicationFailure } from '@temporalio/common';
import type { Failure } from '../contract/failure';

/** A failure of the closed list as Temporal carries it: never retried, its facts as the one detail. */
export const toApplicationFailure = ({ type, message, details }: Failure): ApplicationFailure =>
  ApplicationFailure.nonRetryable(message, type, ...(details === undefined ? [] : [details]));
