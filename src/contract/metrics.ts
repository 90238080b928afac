/** A metric of ours as it is created; the endpoint adds `_total` to counters and `_seconds` to durations. */
interface Metric {
  readonly name: string;
  readonly help: string;
}

/** Names that dashboards and alert rules use; docs/operations.md says what each means. */
export const METRICS = {
  operations: { name: 'snapflow_operations', help: 'Operations that ended, by outcome' },
  conditions: { name: 'snapflow_conditions', help: 'Times that an operation came into a condition' },
  phaseDuration: { name: 'snapflow_phase_duration', help: 'Time that an operation spent in a phase' },
  calls: { name: 'snapflow_vsphere_calls', help: 'Exchanges with vCenter and the snapshot appliance' },
  callDuration: { name: 'snapflow_vsphere_call_duration', help: 'Time from a call to its whole answer' },
  logins: {
    name: 'snapflow_vsphere_logins',
    help: 'Logins, and those that were withheld after a refused one',
  },
  watchedTasks: { name: 'snapflow_watched_tasks', help: 'Tasks that this worker waits for' },
  openOperations: {
    name: 'snapflow_open_operations',
    help: 'Open operations of the task queue by state, as Temporal knows them: the same on every worker',
  },
  openOperationsReadAt: {
    name: 'snapflow_open_operations_read_at',
    help: 'When the open operations were read last, in seconds since 1970',
  },
} as const satisfies Record<string, Metric>;
