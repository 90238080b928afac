type Info = Readonly<Record<string, unknown>>;

/** Tasks.Info is a union tagged by status: what each one must and must not have. */
const TABLE: Record<string, { has: string[]; never: string[] }> = {
  PENDING: { has: [], never: ['start_time', 'end_time', 'progress', 'result', 'error'] },
  RUNNING: { has: ['start_time', 'progress'], never: ['end_time', 'error'] },
  BLOCKED: { has: ['start_time', 'progress'], never: ['end_time', 'error'] },
  SUCCEEDED: { has: ['start_time', 'end_time', 'progress'], never: ['error'] },
  FAILED: { has: ['start_time', 'end_time', 'progress'], never: [] },
};
const ALWAYS = ['description', 'service', 'operation', 'status', 'cancelable'];

/** How a Tasks.Info strays from the table; empty when it does not. */
export function taskInfoViolations(info: Info): string[] {
  const row = TABLE[String(info['status'])];
  if (!row) return [`the status ${String(info['status'])} is not documented`];
  const missing = [...ALWAYS, ...row.has].filter((field) => !(field in info));
  const surplus = row.never.filter((field) => field in info);
  return [
    ...missing.map((field) => `${String(info['status'])} lacks ${field}`),
    ...surplus.map((field) => `${String(info['status'])} must not have ${field}`),
  ];
}
