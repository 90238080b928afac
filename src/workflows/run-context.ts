import type { Operator } from './ask-operator';
import type { RunTrace } from './run-trace';
import type { Status } from './status';
import type { Stop } from './stop';

/** What every phase of one run shares. */
export interface RunContext {
  readonly status: Status;
  readonly stop: Stop;
  readonly operator: Operator;
  readonly trace: RunTrace;
}
