/** What a Temporal server has counted of itself since it began. */
export interface ServerCounters {
  /** Writes of a workflow's state, each of which the database takes as a transaction. */
  readonly updates: number;
  /** Calls of the frontend by operation, of all callers and workers. */
  readonly calls: Readonly<Record<string, number>>;
}

/** Reads the counters at a server's metrics port; what it does for itself, in its own namespace, is left out. */
export async function serverCounters(metricsUrl: string): Promise<ServerCounters> {
  const reply = await fetch(metricsUrl);
  const samples = (await reply.text()).split('\n').flatMap(sampleOf);
  const persistence = samples.filter(({ name }) => name === 'persistence_requests');
  if (persistence.length === 0) throw new Error(`${metricsUrl} counts no call of its database`);
  const updates = persistence.filter(({ labels }) => labels.includes('operation="UpdateWorkflowExecution"'));
  const calls: Record<string, number> = {};
  for (const { name, labels, value } of samples) {
    if (name !== 'service_requests' || !labels.includes('service_name="frontend"')) continue;
    if (labels.includes('namespace="temporal-system"')) continue;
    const operation = /operation="(\w+)"/.exec(labels)?.[1] ?? '';
    calls[operation] = (calls[operation] ?? 0) + value;
  }
  return { updates: updates.reduce((sum, { value }) => sum + value, 0), calls };
}

/** A line `name{labels} value`. */
function sampleOf(line: string) {
  const [, name = '', labels = '', value = ''] = /^(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
  return name === '' ? [] : [{ name, labels, value: Number(value) }];
}
